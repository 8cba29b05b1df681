from portal.rights.services.erasing import erase_account, erase_due_accounts

__all__ = ["erase_account", "erase_due_accounts"]
