from exchange.services.reporting import report_import

__all__ = ["report_import"]
