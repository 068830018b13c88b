"""Runs the platform on one machine: embedded services, supervisor, test plugin. Imports no Django: settings load later."""
