namespace Sim7600.Mqtt;

/// <summary>An outbox's storage could not do what was asked. The message says what, why and what to try.</summary>
public sealed class OutboxStoreException : Exception
{
    internal OutboxStoreException(OutboxStoreProblem problem, string message, Exception? cause = null)
        : base(message, cause) => Problem = problem;

    /// <summary>What is wrong.</summary>
    public OutboxStoreProblem Problem { get; }
}
