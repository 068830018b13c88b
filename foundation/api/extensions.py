"""What drf-spectacular cannot guess of our fields and authentication."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Token …`, with a token created from the profile page."""

    target_class = "foundation.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "« Token » suivi d'une espace et du jeton créé depuis votre profil.",
        }


class AbilitiesSchema(OpenApiSerializerFieldExtension):
    """An object of booleans, one per ability."""

    target_class = "foundation.api.fields.AbilitiesField"

    def map_serializer_field(self, auto_schema, direction):
        names = list(self.target.abilities)
        return {
            "type": "object",
            "description": "Ce que le lecteur peut faire de cette ressource.",
            "properties": {name: {"type": "boolean"} for name in names},
            "required": names,
            "readOnly": True,
        }
