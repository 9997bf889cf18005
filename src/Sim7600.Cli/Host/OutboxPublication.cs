using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using MQTTnet.Protocol;
using Sim7600.Cli.Output;
using Sim7600.Driver;
using Sim7600.Driver.Lifecycle;
using Sim7600.Mqtt;

namespace Sim7600.Cli.Host;

/// <summary>
/// <c>sim7600 pub --outbox FILE</c>: a message is in the file once it is accepted, and leaves it once the broker has it. What an earlier run left
/// there goes first. It goes on over every loss until all is delivered.
/// </summary>
internal sealed class OutboxPublication
{
    // Far more than lines can be read in the time that one event takes to print.
    private const int EventCapacity = 1_000_000;
    private readonly string _run = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..8];
    private readonly ManagedMqttOptions _options;
    private readonly string _topic;
    private readonly MqttQualityOfServiceLevel _qos;
    private readonly bool _retain;
    private readonly bool _json;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _ended;
    private long _total = long.MaxValue;
    private bool _refused;

    public OutboxPublication(string port, TimeSpan registration, MqttConnectOptions connection, string file, string topic, MqttQualityOfServiceLevel qos, bool retain, bool json)
    {
        var modem = new Sim7600ModemOptions();
        _options = new ManagedMqttOptions
        {
            Modem = new ModemSupervisorOptions
            {
                PortName = port,
                Modem = registration > TimeSpan.Zero ? modem with { RegistrationTimeout = registration } : modem,
            },
            Connection = connection,
            OutboxPath = file,
        };
        (_topic, _qos, _retain, _json) = (topic, qos, retain, json);
    }

    /// <summary>Publishes one message, after what is left of earlier runs.</summary>
    public Task<int> SendAsync(byte[] payload, CancellationToken cancellationToken)
    {
        Channel<byte[]> one = Channel.CreateBounded<byte[]>(1);
        one.Writer.TryWrite(payload);
        one.Writer.Complete();
        return SendAsync(one.Reader, int.MaxValue, cancellationToken);
    }

    /// <summary>Publishes each line, after what is left of earlier runs.</summary>
    public async Task<int> SendAsync(ChannelReader<byte[]> lines, int longest, CancellationToken cancellationToken)
    {
        ManagedMqttClient client;
        try
        {
            client = await ManagedMqttClient.StartAsync(_options, cancellationToken);
        }
        catch (OutboxStoreException exception)
        {
            throw new CommandFailedException(exception.Message);
        }

        await using (client)
        {
            using OutboxWatch watch = client.Outbox.Watch(EventCapacity);
            long earlier = client.Outbox.Counters.Pending;
            if (earlier > 0 && !_json)
            {
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"sim7600: {earlier} messages of an earlier run go first."));
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task telling = Task.WhenAll(TellStepsAsync(client, stop.Token), TellModemAsync(client, stop.Token));
            Task reading = ReadAsync(client, lines, longest, earlier, stop.Token);
            Task following = FollowAsync(watch, stop.Token);
            Task failing = FaultAsync(client.WatchAsync(stop.Token), () => client.LatestTransition);
            try
            {
                List<Task> running = [_done.Task, reading, following, failing];
                while (!_done.Task.IsCompleted)
                {
                    Task ended = await Task.WhenAny(running);
                    running.Remove(ended);
                    await ended;
                }

                return _refused ? ExitCode.Failed : ExitCode.Done;
            }
            finally
            {
                await stop.CancelAsync();
                await Task.WhenAll(telling, reading, following, failing).ContinueWith(task => _ = task.Exception, TaskScheduler.Default);
            }
        }
    }

    private async Task ReadAsync(ManagedMqttClient client, ChannelReader<byte[]> lines, int longest, long earlier, CancellationToken cancellationToken)
    {
        long number = 0;
        await foreach (byte[] line in lines.ReadAllAsync(cancellationToken))
        {
            number++;
            if (line.Length > longest)
            {
                throw new CommandFailedException(string.Create(
                    CultureInfo.InvariantCulture, $"Line {number} has more than {longest} bytes, which is the most that the modem takes. Lines before it are in the outbox; it and all after it are not sent."));
            }

            string tag = string.Create(CultureInfo.InvariantCulture, $"{_run}/{number}");
            try
            {
                await client.EnqueueAsync(_topic, line, _qos, _retain, tag, cancellationToken);
            }
            catch (Exception exception) when (exception is OutboxFullException or OutboxStoreException)
            {
                throw new CommandFailedException(string.Create(CultureInfo.InvariantCulture, $"Line {number} is not accepted: {OneLine.Of(exception.Message)}"));
            }

            if (_json)
            {
                JsonLines.Write(new JsonObject { ["event"] = "accepted", ["line"] = number, ["topic"] = _topic, ["bytes"] = line.Length });
            }
        }

        Count(0, earlier + number);
    }

    private async Task FollowAsync(OutboxWatch watch, CancellationToken cancellationToken)
    {
        await foreach (OutboxEvent happened in watch.ReadAllAsync(cancellationToken))
        {
            Count(await TellAsync(happened));
        }
    }

    // Done when as many messages have ended as there were, those of earlier runs among them.
    private void Count(int ended, long? total = null)
    {
        lock (_gate)
        {
            _ended += ended;
            _total = total ?? _total;
            if (_ended >= _total)
            {
                _done.TrySetResult();
            }
        }
    }

    // Gives 1 when the message has ended.
    private async Task<int> TellAsync(OutboxEvent happened)
    {
        string[] mark = (happened.Tag ?? "").Split('/');
        bool ours = mark.Length == 2 && mark[0] == _run;
        if (happened.Kind is OutboxEventKind.Accepted)
        {
            return 0;
        }

        if (_json)
        {
            var told = new JsonObject { ["event"] = happened.Kind.ToString().ToLowerInvariant() };
            if (ours)
            {
                told["line"] = long.Parse(mark[1], CultureInfo.InvariantCulture);
            }
            else
            {
                told["earlier"] = true;
                told["earlierLine"] = mark.Length == 2 && long.TryParse(mark[1], CultureInfo.InvariantCulture, out long line) ? line : null;
            }

            told["topic"] = happened.Topic;
            told["attempts"] = happened.Attempts;
            if (happened.Outcome is { IsDelivered: false } outcome)
            {
                told["code"] = outcome.Result?.Number;
                told["reason"] = outcome.Reason;
            }

            JsonLines.Write(told);
        }

        if (happened.Kind is OutboxEventKind.Retrying)
        {
            return 0;
        }

        if (happened.Kind is not OutboxEventKind.Delivered)
        {
            _refused = true;
            string which = ours ? $"line {mark[1]}" : "a message of an earlier run";
            await Console.Error.WriteLineAsync($"sim7600: Publishing {which} failed ({happened.Kind}): {OneLine.Of(happened.Outcome?.Reason ?? "")}");
        }

        return 1;
    }

    private async Task TellStepsAsync(ManagedMqttClient client, CancellationToken cancellationToken)
    {
        await foreach (ManagedMqttTransition step in client.WatchAsync(cancellationToken))
        {
            if (_json)
            {
                var told = new JsonObject { ["event"] = "state", ["state"] = step.State.ToString(), ["reason"] = step.Reason };
                if (step.Step is { } rung)
                {
                    told["rung"] = rung.Rung.ToString();
                    told["delayMs"] = (long)rung.Delay.TotalMilliseconds;
                }

                JsonLines.Write(told);
            }
            else if (step.State is ManagedMqttState.Recovering)
            {
                await Console.Error.WriteLineAsync($"sim7600: {OneLine.Of(step.Reason)}{(step.Step is { } rung ? $" Trying {rung}." : "")}");
            }
        }
    }

    private async Task TellModemAsync(ManagedMqttClient client, CancellationToken cancellationToken)
    {
        await foreach (ModemTransition step in client.Supervisor.WatchAsync(cancellationToken))
        {
            if (_json)
            {
                JsonLines.Write(new JsonObject { ["event"] = "modem", ["state"] = step.To.ToString(), ["reason"] = step.Reason });
            }
            else if (step.To is ModemState.Recovering or ModemState.PoweredOff)
            {
                await Console.Error.WriteLineAsync($"sim7600: {OneLine.Of(step.Reason)}");
            }
        }
    }

    // The client runs before anyone can follow it, so what it said last counts too.
    internal static async Task FaultAsync(IAsyncEnumerable<ManagedMqttTransition> steps, Func<ManagedMqttTransition?> latest)
    {
        ThrowIfFaulted(latest());
        await foreach (ManagedMqttTransition step in steps)
        {
            ThrowIfFaulted(step);
        }
    }

    private static void ThrowIfFaulted(ManagedMqttTransition? step)
    {
        if (step is { State: ManagedMqttState.Faulted })
        {
            throw new CommandFailedException($"{step.Reason} What was accepted and not delivered is in the outbox and goes with the next run.");
        }
    }
}
