namespace Sim7600.Driver;

/// <summary>Nothing on the line answered like a modem.</summary>
public sealed class ModemNotRespondingException : AtException
{
    internal ModemNotRespondingException(string message)
        : base(message, "AT", wasWritten: true)
    {
    }
}
