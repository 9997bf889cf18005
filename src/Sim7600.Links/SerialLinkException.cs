namespace Sim7600.Links;

/// <summary>A link could not be opened, or was lost. The message says what happened, why, and what to try, in one line.</summary>
public sealed class SerialLinkException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="message">One line: what, why, what to try.</param>
    /// <param name="innerException">The operating system's error, if there was one.</param>
    public SerialLinkException(SerialLinkError error, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Error = error;
    }

    /// <summary>What went wrong.</summary>
    public SerialLinkError Error { get; }
}
