using System.Buffers;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Diagnostics.PacketInspection;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>
/// MQTTnet's <see cref="IMqttClient"/> over the modem's own MQTT client (AT+CMQTT*), so that code written for MQTTnet runs unchanged. It takes one of
/// the modem's two clients, whichever is free, while it is connected.
/// </summary>
/// <remarks>
/// The modem speaks MQTT 3.1.1. MQTTnet's options name MQTT 5 by default; that is taken as "not chosen" and 3.1.1 is spoken. Whatever is of MQTT 5
/// only, and is set, throws <see cref="NotSupportedException"/> that names the property. What the modem does not tell cannot be told either: received
/// messages have QoS 0 and no flags, the granted QoS is the requested one, and <see cref="MqttClientConnectResult.IsSessionPresent"/> is false. It
/// acknowledges received messages by itself before this program has them, so <see cref="MqttApplicationMessageReceivedEventArgs.AutoAcknowledge"/>,
/// <see cref="MqttApplicationMessageReceivedEventArgs.ProcessingFailed"/> and the reason code have no effect. It also sends the keep-alive itself.
/// Socket options (buffer, linger, address family …) and revocation checks have no meaning there and are ignored.
/// </remarks>
public sealed partial class ModemMqttClient : IMqttClient, IAsyncDisposable
{
    private readonly Sim7600Modem _modem;
    private readonly ILogger _logger;
    private readonly AsyncHandlers<MqttApplicationMessageReceivedEventArgs> _received = new();
    private readonly AsyncHandlers<MqttClientConnectedEventArgs> _connected = new();
    private readonly AsyncHandlers<MqttClientConnectingEventArgs> _connecting = new();
    private readonly AsyncHandlers<MqttClientDisconnectedEventArgs> _disconnected = new();
    private readonly CancellationTokenSource _disposing = new();
    private int _status = (int)Status.Disconnected;
    private volatile Connection? _connection;
    private int _disposed;

    internal ModemMqttClient(Sim7600Modem modem)
    {
        _modem = modem;
        _logger = modem.Options.Channel.LoggerFactory.CreateLogger<ModemMqttClient>();
    }

    private enum Status
    {
        Disconnected,
        Connecting,
        Connected,
        Disconnecting,
    }

    /// <summary>A message was received. Handlers run one at a time, in the order of arrival; what they throw is logged.</summary>
    public event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync
    {
        add => _received.Add(value);
        remove => _received.Remove(value);
    }

    /// <summary>The client has connected. What a handler throws ends the connection and comes out of <see cref="ConnectAsync"/>.</summary>
    public event Func<MqttClientConnectedEventArgs, Task> ConnectedAsync
    {
        add => _connected.Add(value);
        remove => _connected.Remove(value);
    }

    /// <summary>The client is about to connect.</summary>
    public event Func<MqttClientConnectingEventArgs, Task> ConnectingAsync
    {
        add => _connecting.Add(value);
        remove => _connecting.Remove(value);
    }

    /// <summary>
    /// The connection ended, or connecting failed. After a loss the reason is not a normal disconnection and the exception says how; a handler may
    /// connect again.
    /// </summary>
    public event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync
    {
        add => _disconnected.Add(value);
        remove => _disconnected.Remove(value);
    }

    /// <summary>Not supported: the packets exist in the modem only.</summary>
    /// <exception cref="NotSupportedException">A handler was added.</exception>
    public event Func<InspectMqttPacketEventArgs, Task> InspectPacketAsync
    {
        add => throw Unsupported.Property(nameof(InspectPacketAsync), "The MQTT packets exist inside the modem only.");
        remove
        {
        }
    }

    /// <summary>True while connected.</summary>
    public bool IsConnected => Now == Status.Connected;

    /// <summary>The options of the last <see cref="ConnectAsync"/>; null before the first.</summary>
    public MqttClientOptions Options { get; private set; } = null!;

    private Status Now => (Status)Volatile.Read(ref _status);

    private TimeProvider TimeProvider => _modem.Channel.TimeProvider;

    /// <summary>Connects to a broker. It may be called again after the connection ended.</summary>
    /// <param name="options">TCP end point, TLS, client id, credentials, keep-alive, clean session, will.</param>
    /// <param name="cancellationToken">Gives up; without one, <see cref="MqttClientOptions.Timeout"/> is the limit.</param>
    /// <returns>The result. A broker that refuses is a result, not an exception: read its code.</returns>
    /// <exception cref="NotSupportedException">An option is set that the modem cannot do; the message names it and the way that can.</exception>
    /// <exception cref="ArgumentException">An option is out of the modem's range.</exception>
    /// <exception cref="InvalidOperationException">It is connected or connecting, or both clients of the modem are in use.</exception>
    /// <exception cref="MqttCommunicationException">Broker, network or modem could not be reached.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default)
    {
        MqttConnectOptions translated = ConnectOptionsOfMqttNet.Translate(options);
        ThrowIfDisposed();
        if (!Move(Status.Disconnected, Status.Connecting))
        {
            throw new InvalidOperationException("The client is connected, or connects or disconnects now: wait for that, or disconnect first.");
        }

        MqttClientConnectResult? result = null;
        try
        {
            Options = options;
            await _connecting.InvokeAsync(new MqttClientConnectingEventArgs(options)).ConfigureAwait(false);
            var connection = new Connection();
            try
            {
                connection.Client = await OpenAsync(translated, connection, cancellationToken).ConfigureAwait(false);
            }
            catch (MqttConnectException exception) when (ResultOf(exception) is { } refused)
            {
                result = refused;
                Volatile.Write(ref _status, (int)Status.Disconnected);
                RaiseDisconnected(false, result, MqttClientDisconnectReason.UnspecifiedError, exception.Message, null);
                return result;
            }

            result = Accepted();
            _connection = connection;

            // With a full fence: either this sees the disposal, or the disposal sees the connection.
            Interlocked.Exchange(ref _status, (int)Status.Connected);
            ThrowIfDisposed();
            connection.Delivering = Task.Run(() => DeliverAsync(connection, options.ClientId), CancellationToken.None);
            _ = Task.Run(() => WatchAsync(connection), CancellationToken.None);
            await _connected.InvokeAsync(new MqttClientConnectedEventArgs(result)).ConfigureAwait(false);
            return result;
        }
        catch (Exception exception)
        {
            Exception translatedException = _disposing.IsCancellationRequested ? new ObjectDisposedException(GetType().FullName) : Translated(exception, cancellationToken);
            if (Move(Status.Connected, Status.Disconnecting))
            {
                await CloseAsync(_connection!).ConfigureAwait(false);
                RaiseDisconnected(true, result, MqttClientDisconnectReason.UnspecifiedError, exception.Message, translatedException);
            }
            else if (Move(Status.Connecting, Status.Disconnected))
            {
                RaiseDisconnected(false, result, MqttClientDisconnectReason.UnspecifiedError, exception.Message, translatedException);
            }

            if (ReferenceEquals(translatedException, exception))
            {
                throw;
            }

            throw translatedException;
        }
    }

    /// <summary>Disconnects orderly, so that the broker does not publish the will. Does nothing when it is not connected.</summary>
    /// <param name="options">Nothing of MQTT 5.</param>
    /// <param name="cancellationToken">Gives up waiting; the client counts as disconnected in any case.</param>
    /// <returns>A task that completes when the modem has disconnected.</returns>
    /// <exception cref="NotSupportedException">An option of MQTT 5 is set.</exception>
    /// <exception cref="MqttCommunicationException">The modem did not answer, or its line is gone.</exception>
    public async Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfDisposed();
        Unsupported.ThrowIfMqtt5(options);
        Connection? connection = _connection;
        if (connection is null || !Move(Status.Connected, Status.Disconnecting))
        {
            return;
        }

        try
        {
            await connection.Client.DisconnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AtException or TimeoutException)
        {
            throw Translated(exception, cancellationToken);
        }
        finally
        {
            Forget(connection);
            RaiseDisconnected(true, null, MqttClientDisconnectReason.NormalDisconnection, null, null);
        }
    }

    /// <summary>Asks the modem whether it is connected. It does not reach the broker: the modem sends its pings itself and has no command for one.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when the modem says that it is connected.</returns>
    /// <exception cref="MqttCommunicationException">It is not connected, or the modem does not answer.</exception>
    public Task PingAsync(CancellationToken cancellationToken = default) => RequestAsync(
        async (client, token) => await client.AskIsConnectedAsync(token).ConfigureAwait(false) ? true : throw new MqttClientNotConnectedException(), cancellationToken);

    /// <summary>Publishes a message.</summary>
    /// <param name="applicationMessage">Topic (1 to 1024 bytes), payload (0 to 10,240 bytes), QoS and retain flag; nothing of MQTT 5.</param>
    /// <param name="cancellationToken">Gives up; the message may be published nevertheless.</param>
    /// <returns>
    /// Success when the modem reports it: for QoS 1 and 2 after the broker's acknowledgement. <see cref="MqttClientPublishReasonCode.ImplementationSpecificError"/>
    /// when the modem refused the message itself; the reason has its number.
    /// </returns>
    /// <exception cref="NotSupportedException">The message is too large for the modem, or a property of MQTT 5 is set.</exception>
    /// <exception cref="ArgumentException">The topic is too long.</exception>
    /// <exception cref="MqttCommunicationException">Not connected, or the connection ended, or the outcome is unknown; the text says which.</exception>
    /// <exception cref="MqttCommunicationTimedOutException">There was no acknowledgement in time, or the token was cancelled meanwhile: it may have arrived.</exception>
    public async Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(applicationMessage);
        Unsupported.ThrowIfMqtt5(applicationMessage);
        MqttTopicValidator.ThrowIfInvalid(applicationMessage);
        if (applicationMessage.Payload.Length > CmqttLimits.Payload)
        {
            throw Unsupported.Property(
                nameof(applicationMessage.Payload), $"It has {applicationMessage.Payload.Length} bytes, and the modem's own client takes {CmqttLimits.Payload}.");
        }

        byte[] payload = applicationMessage.Payload.ToArray();
        PublishOutcome outcome = await RequestAsync(
            (client, token) => client.PublishAsync(applicationMessage.Topic, payload, applicationMessage.QualityOfServiceLevel, applicationMessage.Retain, token),
            cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            { IsDelivered: true } => new MqttClientPublishResult(null, MqttClientPublishReasonCode.Success, null, []),
            { Status: PublishStatus.Refused, Result.Code: not (CmqttResultCode.NoConnection or CmqttResultCode.NetworkNotOpened or CmqttResultCode.ClientNotAcquired or CmqttResultCode.ClientBusy) } =>
                new MqttClientPublishResult(null, MqttClientPublishReasonCode.ImplementationSpecificError, outcome.Reason, []),
            { Result.Code: CmqttResultCode.Timeout } => throw new MqttCommunicationTimedOutException(new MqttCommunicationException(outcome.Reason, null)),
            _ => throw new MqttCommunicationException($"The message was {(outcome.MayHaveArrived ? "perhaps " : "not ")}published: {outcome.Reason}.", null),
        };
    }

    /// <summary>Not supported: it is of MQTT 5.</summary>
    /// <param name="data">Not used.</param>
    /// <param name="cancellationToken">Not used.</param>
    /// <returns>Nothing; it always throws.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    public Task SendEnhancedAuthenticationExchangeDataAsync(MqttEnhancedAuthenticationExchangeData data, CancellationToken cancellationToken = default) =>
        throw Unsupported.Property(nameof(SendEnhancedAuthenticationExchangeDataAsync), "It is of MQTT 5, and the modem's own client speaks MQTT 3.1.1.");

    /// <summary>Subscribes to some filters, one after the other.</summary>
    /// <param name="options">The filters, each 1 to 1024 bytes; nothing of MQTT 5.</param>
    /// <param name="cancellationToken">Gives up; without one, <see cref="MqttClientOptions.Timeout"/> is the limit.</param>
    /// <returns>
    /// A result a filter: the requested QoS, since the modem does not tell the granted one, or <see cref="MqttClientSubscribeResultCode.UnspecifiedError"/>
    /// when modem or broker refused it.
    /// </returns>
    /// <exception cref="NotSupportedException">A property of MQTT 5 is set.</exception>
    /// <exception cref="ArgumentException">There is no filter, or one is too long.</exception>
    /// <exception cref="MqttCommunicationException">Not connected, or the connection ended, or there was no answer.</exception>
    public async Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Unsupported.ThrowIfMqtt5(options);
        EnsureFilters(options.TopicFilters.Select(filter => filter.Topic));
        var items = new List<MqttClientSubscribeResultItem>();
        string? reason = null;
        foreach (MqttTopicFilter filter in options.TopicFilters)
        {
            string? refusal = await UnlessRefusedAsync(
                (client, token) => client.SubscribeFilterAsync(filter.Topic, filter.QualityOfServiceLevel, token), cancellationToken).ConfigureAwait(false);
            reason ??= refusal;
            items.Add(new MqttClientSubscribeResultItem(
                filter, refusal is null ? (MqttClientSubscribeResultCode)filter.QualityOfServiceLevel : MqttClientSubscribeResultCode.UnspecifiedError));
        }

        return new MqttClientSubscribeResult(0, items, reason, []);
    }

    /// <summary>Unsubscribes from some filters, one after the other.</summary>
    /// <param name="options">The filters; nothing of MQTT 5.</param>
    /// <param name="cancellationToken">Gives up; without one, <see cref="MqttClientOptions.Timeout"/> is the limit.</param>
    /// <returns>A result a filter.</returns>
    /// <exception cref="NotSupportedException">A property of MQTT 5 is set.</exception>
    /// <exception cref="ArgumentException">There is no filter, or one is too long.</exception>
    /// <exception cref="MqttCommunicationException">Not connected, or the connection ended, or there was no answer.</exception>
    public async Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Unsupported.ThrowIfMqtt5(options);
        EnsureFilters(options.TopicFilters);
        var items = new List<MqttClientUnsubscribeResultItem>();
        string? reason = null;
        foreach (string filter in options.TopicFilters)
        {
            string? refusal = await UnlessRefusedAsync((client, token) => client.UnsubscribeFilterAsync(filter, token), cancellationToken).ConfigureAwait(false);
            reason ??= refusal;
            items.Add(new MqttClientUnsubscribeResultItem(
                filter, refusal is null ? MqttClientUnsubscribeResultCode.Success : MqttClientUnsubscribeResultCode.UnspecifiedError));
        }

        return new MqttClientUnsubscribeResult(0, items, reason, []);
    }

    /// <summary>
    /// Disconnects in the background, without events; use <see cref="DisposeAsync"/> to know when it is done. Until then the modem's client is in use.
    /// </summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    /// <summary>Disconnects as well as it can, without events; it never throws.</summary>
    /// <returns>A task that completes within <see cref="Sim7600MqttClient.CleanupTimeout"/>.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // Who connects now leaves the modem clean by itself.
        await _disposing.CancelAsync().ConfigureAwait(false);
        if (Move(Status.Connected, Status.Disconnecting))
        {
            await CloseAsync(_connection!).ConfigureAwait(false);
        }
    }

    private static void EnsureFilters(IEnumerable<string> filters)
    {
        bool any = false;
        foreach (string filter in filters)
        {
            any = true;
            MqttTopicValidator.ThrowIfInvalidSubscribe(filter);
            if (MqttTopic.FindFilterError(filter) is { } error)
            {
                throw new ArgumentException(error, nameof(filters));
            }
        }

        if (!any)
        {
            throw new ArgumentException("Name at least one topic filter.", nameof(filters));
        }
    }

    private bool Move(Status from, Status to) => Interlocked.CompareExchange(ref _status, (int)to, (int)from) == (int)from;

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
