"""The resident's pages: services, forms, receipts, cases. Calls actions and queries; writes nothing itself."""
