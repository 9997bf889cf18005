namespace Sim7600.Simulation;

/// <summary>A program that uses the driver, in one of the ways in which programs do.</summary>
internal interface INode : IAsyncDisposable
{
    /// <summary>True while it is connected to the broker.</summary>
    bool IsConnected { get; }

    /// <summary>True when nothing that it has taken on is still to be done.</summary>
    bool IsIdle { get; }

    Task StartAsync();

    void StopPublishing();

    /// <summary>True once a message with this text came from the broker.</summary>
    bool HasReceived(string command);

    /// <summary>What it is doing, for the report of a violation.</summary>
    string Describe();
}
