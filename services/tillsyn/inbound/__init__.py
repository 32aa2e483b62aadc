"""What gateways send: read one by one, decided in batches, kept in one transaction, acknowledged after the commit."""
