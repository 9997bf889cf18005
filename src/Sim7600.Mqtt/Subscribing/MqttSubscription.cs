using System.Threading.Channels;

namespace Sim7600.Mqtt;

/// <summary>Messages of one or more topic filters. Disposing it unsubscribes.</summary>
public sealed class MqttSubscription : IAsyncDisposable
{
    private readonly Sim7600MqttClient _client;
    private readonly Channel<MqttMessage> _queue;
    private long _dropped;
    private int _ended;

    internal MqttSubscription(Sim7600MqttClient client, IReadOnlyList<string> filters, int capacity)
    {
        _client = client;
        Filters = filters;
        _queue = Channel.CreateBounded<MqttMessage>(new BoundedChannelOptions(capacity) { AllowSynchronousContinuations = false });
    }

    /// <summary>The topic filters.</summary>
    public IReadOnlyList<string> Filters { get; }

    /// <summary>How many messages were dropped because they were not read fast enough.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// The messages, in the order of arrival. When filters overlap, the broker may send a message once or once a filter
    /// (MQTT 3.1.1, 3.3.5), and each subscription gets what it matches.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration; the subscription stays.</param>
    /// <returns>The messages; the enumeration ends by itself when the subscription is disposed.</returns>
    /// <exception cref="MqttConnectionLostException">The connection ended; thrown after the messages that came before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IAsyncEnumerable<MqttMessage> ReadAllAsync(CancellationToken cancellationToken = default) => _queue.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Unsubscribes and ends the enumerations.</summary>
    /// <param name="cancellationToken">Gives up waiting; the broker may have taken it.</param>
    /// <returns>A task that completes when the broker has taken it, or at once when the connection is gone.</returns>
    /// <exception cref="MqttSubscribeException">The modem or the broker refused.</exception>
    /// <exception cref="Driver.AtException">There was no answer, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task UnsubscribeAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _queue.Writer.TryComplete();
            await _client.UnsubscribeAsync(this, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Unsubscribes as well as it can; it never throws.</summary>
    /// <returns>A task that completes within <see cref="Sim7600MqttClient.CleanupTimeout"/>.</returns>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Sim7600MqttClient.CleanupTimeout, _client.TimeProvider);
        try
        {
            await UnsubscribeAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _client.NoteCleanupFailure(exception);
        }
    }

    internal bool Matches(string topic) => Filters.Any(filter => MqttTopic.Matches(filter, topic));

    internal bool Offer(MqttMessage message)
    {
        if (_queue.Writer.TryWrite(message))
        {
            return true;
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    internal void End(Exception? error) => _queue.Writer.TryComplete(error);
}
