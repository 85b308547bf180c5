"""What people see: server, navigation, blocks, charts and maps."""
