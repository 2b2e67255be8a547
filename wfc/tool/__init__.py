"""What the command line and the language server share: configuration, codes, files, inputs."""
