using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sim7600.Driver.Lifecycle;

namespace Sim7600.Mqtt.Hosting;

/// <summary>
/// Healthy while connected, degraded while it is being connected or recovered, and otherwise, when only a person can help or it is closed,
/// what the registration has for failures (unhealthy).
/// </summary>
internal sealed class Sim7600HealthCheck(Sim7600MqttService service) : IHealthCheck
{
    /// <summary>The keys of the data.</summary>
    internal static readonly IReadOnlyList<string> DataKeys = ["state", "reason", "since", "modem", "modemReason", "pending", "dropped"];

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (service.Client is not { } client)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, "the MQTT client is not started"));
        }

        // In this order, so that a step in between makes the reason newer than the state, never older.
        ManagedMqttState state = client.State;
        ManagedMqttTransition? latest = client.LatestTransition;
        ModemState modemState = client.Supervisor.State;
        ModemTransition? modem = client.Supervisor.LatestTransition;

        // The modem goes on through its states while the client only waits for it.
        string reason = state == ManagedMqttState.WaitingForModem ? $"the modem is {modemState}: {modem?.Reason}" : latest?.Reason ?? "";
        object[] values =
        [
            state.ToString(), reason, latest?.At ?? default, modemState.ToString(), modem?.Reason ?? "",
            client.Outbox.Counters.Pending, client.DroppedMessages,
        ];
        HealthStatus status = state switch
        {
            ManagedMqttState.Connected => HealthStatus.Healthy,
            ManagedMqttState.Faulted or ManagedMqttState.Closed => context.Registration.FailureStatus,
            _ => HealthStatus.Degraded,
        };
        return Task.FromResult(new HealthCheckResult(
            status, $"{state}: {reason}", data: DataKeys.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second)));
    }
}
