namespace Sim7600.Mqtt;

/// <summary>There is no room in the outbox for a message. It was not accepted.</summary>
public sealed class OutboxFullException : Exception
{
    internal OutboxFullException(string message)
        : base(message)
    {
    }
}
