"""Acts that a second person must confirm: a mechanism that any service may ask for.

A stage declares its act once, in its `AppConfig.ready`:

    registry.register(ApprovalAction(code="tenders.extend_deadline", label=…, roles=(Role.SIGNATORY,), …))

and its service, instead of acting, calls `services.approval_ask(action=…, obj=tender, change={…}, …)`. When somebody
else confirms, `perform` does it, on the object as it was described, or not at all.
"""
