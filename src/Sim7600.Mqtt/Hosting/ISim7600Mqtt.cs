using MQTTnet.Protocol;

namespace Sim7600.Mqtt;

/// <summary>
/// A host's MQTT client over its modem, for the services of that host. It can be injected and used before the host has started: what needs
/// the client waits for it. The host starts and stops it.
/// </summary>
/// <example>
/// <code>
/// builder.Services.AddSim7600(builder.Configuration.GetSection("Sim7600"));
/// …
/// sealed class Thermometer(ISim7600Mqtt mqtt) : BackgroundService
/// {
///     protected override async Task ExecuteAsync(CancellationToken stoppingToken)
///     {
///         await mqtt.EnqueueAsync("plant/7/temp", "21.5"u8.ToArray(), ct: stoppingToken);
///         await foreach (MqttMessage message in mqtt.ReceiveAsync(stoppingToken)) { … }
///     }
/// }
/// </code>
/// </example>
public interface ISim7600Mqtt
{
    /// <summary>What the client is doing now; <see cref="ManagedMqttState.WaitingForModem"/> before the host has started it.</summary>
    ManagedMqttState State { get; }

    /// <summary>The step that led to <see cref="State"/>, with its reason; null before the first.</summary>
    ManagedMqttTransition? LatestTransition { get; }

    /// <summary>What the outbox has done and holds; all zero before the host has started it.</summary>
    OutboxCounters Outbox { get; }

    /// <summary>The client itself, for all that is not here. The host disposes it.</summary>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>The client, once the host has started it.</returns>
    /// <exception cref="InvalidOperationException">The host could not start it, or has been disposed without starting.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ManagedMqttClient> GetClientAsync(CancellationToken ct = default);

    /// <summary>Takes a message over; it is published when there is a connection. See <see cref="ManagedMqttClient.EnqueueAsync"/>.</summary>
    /// <inheritdoc cref="ManagedMqttClient.EnqueueAsync" path="/param"/>
    /// <inheritdoc cref="ManagedMqttClient.EnqueueAsync" path="/returns"/>
    /// <inheritdoc cref="ManagedMqttClient.EnqueueAsync" path="/exception"/>
    Task<OutboxReceipt> EnqueueAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce,
        bool retain = false,
        string? tag = null,
        CancellationToken ct = default);

    /// <summary>
    /// The received messages of all subscriptions, in the order in which they came, from a queue of
    /// <see cref="Hosting.Sim7600HostOptions.ReceiveCapacity"/>. It is meant for one reader: several share the messages among them.
    /// </summary>
    /// <param name="ct">Ends the enumeration; messages go on waiting.</param>
    /// <returns>The messages; the enumeration ends by itself when the host stops.</returns>
    /// <exception cref="InvalidOperationException">The host could not start the client.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IAsyncEnumerable<MqttMessage> ReceiveAsync(CancellationToken ct = default);

    /// <summary>Wants the messages of a filter, besides those of the configuration. See <see cref="ManagedMqttClient.SubscribeAsync"/>.</summary>
    /// <inheritdoc cref="ManagedMqttClient.SubscribeAsync" path="/param"/>
    /// <inheritdoc cref="ManagedMqttClient.SubscribeAsync" path="/returns"/>
    /// <inheritdoc cref="ManagedMqttClient.SubscribeAsync" path="/exception"/>
    Task SubscribeAsync(string filter, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce, CancellationToken ct = default);

    /// <summary>Does not want the messages of a filter any more. See <see cref="ManagedMqttClient.UnsubscribeAsync"/>.</summary>
    /// <inheritdoc cref="ManagedMqttClient.UnsubscribeAsync" path="/param"/>
    /// <inheritdoc cref="ManagedMqttClient.UnsubscribeAsync" path="/returns"/>
    /// <inheritdoc cref="ManagedMqttClient.UnsubscribeAsync" path="/exception"/>
    Task UnsubscribeAsync(string filter, CancellationToken ct = default);

    /// <summary>Waits until it is connected. See <see cref="ManagedMqttClient.WaitConnectedAsync"/>.</summary>
    /// <inheritdoc cref="ManagedMqttClient.WaitConnectedAsync" path="/param"/>
    /// <inheritdoc cref="ManagedMqttClient.WaitConnectedAsync" path="/returns"/>
    /// <inheritdoc cref="ManagedMqttClient.WaitConnectedAsync" path="/exception"/>
    Task WaitConnectedAsync(CancellationToken ct = default);

    /// <summary>Tries again after <see cref="ManagedMqttState.Faulted"/>; without effect otherwise.</summary>
    void Retry();
}
