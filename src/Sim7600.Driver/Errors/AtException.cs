namespace Sim7600.Driver;

/// <summary>A command did not end well. The message says what, why and what to try, and never holds a secret.</summary>
public abstract class AtException : Exception
{
    private protected AtException(string message, string command, bool wasWritten, Exception? innerException = null)
        : base(message, innerException)
    {
        Command = command;
        WasWritten = wasWritten;
    }

    /// <summary>The command in its redacted form; empty when no command is concerned.</summary>
    public string Command { get; }

    /// <summary>
    /// True when the command may have reached the modem, so that its effect is unknown or done; false when it certainly was not sent.
    /// </summary>
    public bool WasWritten { get; }
}
