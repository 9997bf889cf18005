using System.Text.Json;
using Sim7600.Driver.Lifecycle;
using Sim7600.Mqtt;

namespace SensorNode;

/// <summary>
/// Samples in a period that a command can change. A reading is in the outbox before the next is taken, so nothing is lost over losses of connection,
/// network or modem; when the outbox is full, the next reading tells how many are missing.
/// </summary>
internal sealed class Node(string name, ManagedMqttClient client, IParticleSensor sensor) : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly PeriodicTimer _timer = new(TimeSpan.FromSeconds(1));
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly string _status = $"{name}/status";
    private long _number;
    private long _missing;
    private long _gap;

    public async Task RunAsync(CancellationToken ct)
    {
        Task telling = TellAsync(ct);
        try
        {
            await client.SubscribeAsync($"{name}/command", ct: ct);
            await Task.WhenAll(SampleAsync(ct), ObeyAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl-C. The broker tells the will of lost connections only; this goes out before the connection is closed.
            await client.EnqueueAsync(_status, "offline"u8.ToArray(), ct: CancellationToken.None);
        }

        await telling;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Tells each new state of the modem and of the connection, and why.</summary>
    private async Task TellAsync(CancellationToken ct)
    {
        async Task TellModemAsync()
        {
            await foreach (ModemTransition step in client.Supervisor.WatchAsync(ct))
            {
                if (step.From != step.To)
                {
                    await Console.Error.WriteLineAsync($"{step.At:HH:mm:ss} modem {step.To}: {step.Reason}");
                }
            }
        }

        async Task TellConnectionAsync()
        {
            ManagedMqttState? told = null;
            await foreach (ManagedMqttTransition step in client.WatchAsync(ct))
            {
                if (step.State != told)
                {
                    told = step.State;
                    await Console.Error.WriteLineAsync($"{step.At:HH:mm:ss} MQTT {step.State}: {step.Reason}");
                    if (told == ManagedMqttState.Connected)
                    {
                        // Each time: the broker may have told the will of the connection before.
                        await client.EnqueueAsync(_status, "online"u8.ToArray(), ct: ct);
                    }
                }
            }
        }

        try
        {
            await Task.WhenAll(TellModemAsync(), TellConnectionAsync());
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl-C
        }
    }

    private async Task SampleAsync(CancellationToken ct)
    {
        while (await _timer.WaitForNextTickAsync(ct))
        {
            _number++;
            if (sensor.Take() is not { } values)
            {
                _missing++;
                continue;
            }

            byte[] reading = JsonSerializer.SerializeToUtf8Bytes(new
            {
                n = _number,
                up_ms = (long)TimeProvider.System.GetElapsedTime(_started).TotalMilliseconds,
                pm1 = values.Pm1,
                pm2_5 = values.Pm2_5,
                pm10 = values.Pm10,
                period_ms = (long)_timer.Period.TotalMilliseconds,
                garbled = sensor.Garbled,
                missing = _missing,
                gap = _gap,
            });
            try
            {
                _gap = (await client.EnqueueAsync($"{name}/reading", reading, ct: ct)).IsAccepted ? 0 : _gap + 1;
            }
            catch (OutboxFullException)
            {
                _gap++;
            }
        }
    }

    private async Task ObeyAsync(CancellationToken ct)
    {
        await foreach (MqttMessage command in client.Messages.ReadAllAsync(ct))
        {
            if (TryReadPeriod(command.Payload, out TimeSpan period))
            {
                _timer.Period = period;
            }
            else
            {
                await client.EnqueueAsync($"{name}/error", "a command is {\"period_ms\":2000} or 2000, of 100 to 3600000"u8.ToArray(), ct: ct);
            }
        }
    }

    private static bool TryReadPeriod(ReadOnlyMemory<byte> command, out TimeSpan period)
    {
        period = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(command);
            JsonElement value = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("period_ms", out JsonElement named) ? named : document.RootElement;
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long milliseconds))
            {
                return false;
            }

            period = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, -1, int.MaxValue));
            return period >= Shortest && period <= Longest;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
