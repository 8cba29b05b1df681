"""The frame of every door: the base of pages, forms and API calls. It knows no subject."""
