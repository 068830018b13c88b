from foundation.api.models import AccessToken


def tokens_visible_to(user):
    """A token is seen and revoked by its owner only, the platform administrator included."""
    if not user.is_authenticated:
        return AccessToken.objects.none()
    return AccessToken.objects.filter(user=user)
