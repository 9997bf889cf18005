namespace Sim7600.Driver;

/// <summary>
/// The modem did not finish a command in time. The channel gets back in step by itself before the next command; a late answer is
/// dropped and never handed to another command.
/// </summary>
public sealed class AtTimeoutException : AtException
{
    internal AtTimeoutException(string message, string command, bool wasWritten, string state, TimeSpan elapsed, string lastReceived)
        : base(message, command, wasWritten)
    {
        State = state;
        Elapsed = elapsed;
        LastReceived = lastReceived;
    }

    /// <summary>What was being waited for, for example <c>waiting for the final result</c>.</summary>
    public string State { get; }

    /// <summary>How long it was waited for.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The last received bytes with escapes; hidden where they could hold a secret.</summary>
    public string LastReceived { get; }
}
