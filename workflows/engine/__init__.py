"""What Viewflow core lacks: one lock per affair, Approvals and job nodes, outbox, department queue, reconciler."""
