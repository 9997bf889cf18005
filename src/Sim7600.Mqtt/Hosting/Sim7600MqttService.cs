using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MQTTnet.Protocol;
using Sim7600.Driver.Channel;

namespace Sim7600.Mqtt.Hosting;

/// <summary>
/// Owns the client of one name: there before the host's other services start, and until all of them have stopped, so that they can enqueue
/// from first to last.
/// </summary>
internal sealed class Sim7600MqttService(
    string name, IOptionsMonitor<Sim7600HostOptions> options, ILoggerFactory loggerFactory, TimeProvider time) : ISim7600Mqtt, IHostedLifecycleService, IAsyncDisposable
{
    private readonly ILogger _logger = loggerFactory.CreateLogger<Sim7600MqttService>();
    private readonly TaskCompletionSource<ManagedMqttClient> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _stopped;

    public ManagedMqttState State => Client?.State ?? ManagedMqttState.WaitingForModem;

    public ManagedMqttTransition? LatestTransition => Client?.LatestTransition;

    public OutboxCounters Outbox => Client?.Outbox.Counters ?? default;

    /// <summary>The client; null before the host has started it.</summary>
    internal ManagedMqttClient? Client => _started.Task.IsCompletedSuccessfully ? _started.Task.Result : null;

    public Task<ManagedMqttClient> GetClientAsync(CancellationToken ct = default) => _started.Task.WaitAsync(ct);

    public async Task<OutboxReceipt> EnqueueAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce,
        bool retain = false,
        string? tag = null,
        CancellationToken ct = default)
    {
        ManagedMqttClient client = await GetClientAsync(ct).ConfigureAwait(false);
        return await client.EnqueueAsync(topic, payload, qos, retain, tag, ct).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<MqttMessage> ReceiveAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        ManagedMqttClient client = await GetClientAsync(ct).ConfigureAwait(false);
        await foreach (MqttMessage message in client.Messages.ReadAllAsync(ct).ConfigureAwait(false))
        {
            yield return message;
        }
    }

    public async Task SubscribeAsync(string filter, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce, CancellationToken ct = default)
    {
        ManagedMqttClient client = await GetClientAsync(ct).ConfigureAwait(false);
        await client.SubscribeAsync(filter, qos, ct).ConfigureAwait(false);
    }

    public async Task UnsubscribeAsync(string filter, CancellationToken ct = default)
    {
        ManagedMqttClient client = await GetClientAsync(ct).ConfigureAwait(false);
        await client.UnsubscribeAsync(filter, ct).ConfigureAwait(false);
    }

    public async Task WaitConnectedAsync(CancellationToken ct = default)
    {
        ManagedMqttClient client = await GetClientAsync(ct).ConfigureAwait(false);
        await client.WaitConnectedAsync(ct).ConfigureAwait(false);
    }

    public void Retry() => Client?.Retry();

    /// <summary>Opens the outbox and begins; it does not wait for the modem.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            Sim7600HostOptions wanted = options.Get(name);
            ManagedMqttOptions managed = wanted.ToManaged(new AtChannelOptions { LoggerFactory = loggerFactory, TimeProvider = time });
            ManagedMqttClient client = await ManagedMqttClient.StartAsync(managed, cancellationToken).ConfigureAwait(false);
            foreach (Sim7600HostSubscription subscription in wanted.Subscriptions)
            {
                // The modem is not even open, so this only remembers it, in time for the first connection.
                await client.SubscribeAsync(subscription.Filter, subscription.QualityOfService, cancellationToken).ConfigureAwait(false);
            }

            _started.SetResult(client);
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Publishes what it can, disconnects orderly and closes, as far as the host's shutdown time allows.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (Client is not { } client)
        {
            return;
        }

        _stopped = true;
        await DrainAsync(client, cancellationToken).ConfigureAwait(false);
        if (client.Outbox.Counters.Pending is > 0 and var pending)
        {
            _logger.NotDrained(client.Options.Connection.ClientIndex, pending, client.Options.OutboxPath is null ? "lost" : "kept in the file for the next start");
        }

        try
        {
            await client.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _logger.StoppingTooLong(client.Options.Connection.ClientIndex);
        }
        catch (OutboxStoreException exception)
        {
            _logger.StoppingFailed(client.Options.Connection.ClientIndex, exception.Message);
        }
    }

    /// <summary>For a host that is disposed without being stopped. After a stop it does not wait again: that had its time.</summary>
    public async ValueTask DisposeAsync()
    {
        Fail(null);
        if (!_stopped && Client is { } client)
        {
            try
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
            catch (OutboxStoreException exception)
            {
                _logger.StoppingFailed(client.Options.Connection.ClientIndex, exception.Message);
            }
        }
    }

    private void Fail(Exception? exception)
    {
        string why = exception is null ? "the host was disposed before it started it" : $"starting it failed: {exception.Message}";
        if (_started.TrySetException(new InvalidOperationException($"There is no MQTT client: {why}.", exception)))
        {
            _ = _started.Task.Exception;
        }
    }

    private async Task DrainAsync(ManagedMqttClient client, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(client.Options.DrainTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using OutboxWatch watch = client.Outbox.Watch();
        Task leaving = StopUnconnectedAsync(client, stop);
        try
        {
            if (client.Outbox.Counters.Pending > 0 && client.State == ManagedMqttState.Connected)
            {
                await foreach (OutboxEvent _ in watch.ReadAllAsync(stop.Token).ConfigureAwait(false))
                {
                    if (client.Outbox.Counters.Pending == 0)
                    {
                        break;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the time is over, or the connection
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await leaving.ConfigureAwait(false);
    }

    private static async Task StopUnconnectedAsync(ManagedMqttClient client, CancellationTokenSource stop)
    {
        try
        {
            await foreach (ManagedMqttTransition step in client.WatchAsync(stop.Token).ConfigureAwait(false))
            {
                if (step.State != ManagedMqttState.Connected)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // drained first
        }
    }
}
