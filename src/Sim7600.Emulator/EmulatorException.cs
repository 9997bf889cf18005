namespace Sim7600.Emulator;

/// <summary>The emulator could not be started. The message says what happened, why, and what to try, in one line.</summary>
public sealed class EmulatorException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: what, why, what to try.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public EmulatorException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
