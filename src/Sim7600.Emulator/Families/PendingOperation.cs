using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>A CMQTT operation whose <c>OK</c> was given and whose result line is still owed.</summary>
internal sealed class PendingOperation(string name, Action<CmqttResultCode> finish)
{
    /// <summary>The command, for example <c>+CMQTTPUB</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Prints the result and changes the state.</summary>
    public Action<CmqttResultCode> Finish { get; } = finish;

    /// <summary>Cancels the network side.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The operation's own time-out.</summary>
    public IDisposable? Limit { get; set; }
}
