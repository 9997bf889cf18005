namespace Sim7600.Cli;

/// <summary>The command line asks for something that cannot be; the message says what to write instead. Exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
