namespace Sim7600.Driver;

/// <summary>The line to the modem is gone, or the channel was disposed. It stays so: open the modem again.</summary>
public sealed class AtChannelClosedException : AtException
{
    internal AtChannelClosedException(string linkName, string reason, string command, bool wasWritten, Exception? innerException = null)
        : base(Sentence(linkName, reason, command, wasWritten), command, wasWritten, innerException) => Reason = reason;

    /// <summary>Why the line is gone, for example <c>the device was unplugged</c>.</summary>
    public string Reason { get; }

    private static string Sentence(string linkName, string reason, string command, bool wasWritten)
    {
        string effect = (command.Length, wasWritten) switch
        {
            (0, _) => "",
            (_, true) => $" {command} was already sent, so its effect is unknown.",
            _ => $" {command} was not sent.",
        };
        return $"The line {linkName} is closed: {reason}.{effect} Check the cable and the modem's supply, then open the modem again.";
    }
}
