"""What the tests of pages share: addresses, readable text, the form of an order."""

from django.urls import reverse


def url(name, *args):
    return reverse(f"framework_agreements:{name}", args=args)


def signed_in(client, user):
    client.force_login(user)
    return client


def text(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def order_data(world, *lines, **fields):
    """What the browser sends: the form and its lines (unit code, quantity, days)."""
    data = {
        "beneficiary": world.beneficiary.pk,
        "holder": world.holder.pk,
        "title": "Construction",
        "lines-TOTAL_FORMS": str(max(len(lines), 1)),
        "lines-INITIAL_FORMS": "0",
        **fields,
    }
    for index, (code, quantity, days) in enumerate(lines):
        data |= {
            f"lines-{index}-work_unit": world.unit(code).pk if code else "",
            f"lines-{index}-quantity": quantity,
            f"lines-{index}-planned_days": days,
        }
    return data
