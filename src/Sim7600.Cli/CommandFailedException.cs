namespace Sim7600.Cli;

/// <summary>The operation did not do what was asked; the message says what, why and what to try. Exit code 1.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
