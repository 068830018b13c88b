"""What the platform holds of a named person: given to him whole, and erased when he leaves (RGPD art. 15, 17, 20).

Each app declares its sections in `AppConfig.ready`: `registry.register(Section(code=…, label=…, rows=…, …))`.
"""
