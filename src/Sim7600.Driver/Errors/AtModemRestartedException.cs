namespace Sim7600.Driver;

/// <summary>The modem booted (<c>RDY</c>) while a command ran, so the answer will never come and the modem's session state is gone.</summary>
public sealed class AtModemRestartedException : AtException
{
    internal AtModemRestartedException(string command)
        : base(
            $"The modem restarted while {command} ran; its connections and settings are gone. Set it up again; when this repeats, check its supply (2 A peaks).",
            command,
            wasWritten: true)
    {
    }
}
