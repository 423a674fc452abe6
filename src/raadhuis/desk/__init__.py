"""The pages of staff: queue, tasks, cases, services, delivery, figures. Calls actions and queries; writes nothing."""
