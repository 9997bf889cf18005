using System.Text;
using Sim7600.Driver;
using Sim7600.Links;
using Sim7600.Mqtt;

namespace Sim7600.Simulation;

/// <summary>Holds what was promised against what happened, and writes down where they differ.</summary>
internal sealed class Judge
{
    private readonly SimulatedSystem _system;
    private readonly Dictionary<int, Published> _published = [];
    private readonly List<Call> _calls = [];

    public Judge(SimulatedSystem system)
    {
        _system = system;
        system.Broker.Arrived += Arrived;
    }

    public Timeline Timeline => _system.Timeline;

    public List<string> Violations { get; } = [];

    public int Lost { get; private set; }

    public int Hung { get; private set; }

    public int Accepts { get; private set; }

    public int Duplicates { get; private set; }

    public int Calls { get; private set; }

    /// <summary>True when bytes may be damaged without anybody being able to notice, as <see cref="FaultSchedule.DamagesBytes"/> says.</summary>
    public bool BytesMayLie { get; init; }

    /// <summary>True when an answer may lack a byte, as <see cref="FaultSchedule.LosesBytes"/> says.</summary>
    public bool BytesMayBeLost { get; init; }

    /// <summary>How many messages arrived damaged, were lost or were told wrongly because the line had damaged bytes.</summary>
    public int Damaged { get; private set; }

    public void Publishing(int number, string topic, byte[] payload) => _published[number] = new Published(topic, payload);

    public void Accepted(int number)
    {
        Accepts++;
        _published[number].Accepted = true;
    }

    /// <summary>The end of a publish that was made directly.</summary>
    public void Ended(int number, PublishOutcome outcome)
    {
        Published message = _published[number];
        message.Outcome = outcome.Status;
        message.OutcomeAt = _system.Time.Now;
        if (outcome.Status == PublishStatus.Delivered)
        {
            Accepted(number);
        }
    }

    /// <summary>Looks whether an answer is its question's.</summary>
    public void Answered(string question, string answer, string expected)
    {
        if (!BytesMayLie && answer != expected && !(BytesMayBeLost && Enumerable.Range(0, expected.Length).Any(at => expected.Remove(at, 1).Trim() == answer)))
        {
            Violate($"asked for the {question}, the answer was '{answer}' instead of '{expected}'");
        }
    }

    /// <summary>Makes a call that its caller may give up by <paramref name="patience"/>.</summary>
    public async Task<T?> AskAsync<T>(string name, Func<CancellationToken, Task<T?>> call, CancellationToken patience)
        where T : class
    {
        return await CallAsync<T?>(name, TimeSpan.FromMinutes(4), _ => call(patience), whenFailed: null, mayBeGivenUp: true);
    }

    /// <summary>Makes a call that must end by its deadline, in a result or in one of the exceptions that the API names.</summary>
    public async Task<T> CallAsync<T>(string name, TimeSpan deadline, Func<CancellationToken, Task<T>> call, T whenFailed, bool mayBeGivenUp = false)
    {
        Calls++;
        var running = new Call(name, _system.Time.Now, deadline);
        _calls.Add(running);
        try
        {
            return await call(CancellationToken.None);
        }
        catch (OperationCanceledException) when (mayBeGivenUp)
        {
            return whenFailed;
        }
        catch (Exception error) when (IsTrue(error))
        {
            Timeline.Note($"{name} ended: {error.GetType().Name}");
            return whenFailed;
        }
        catch (Exception error)
        {
            Violate($"{name} threw {error}");
            return whenFailed;
        }
        finally
        {
            _calls.Remove(running);
            TimeSpan took = _system.Time.Now - running.Began;
            if (took > deadline)
            {
                Hung++;
                Violate($"{name} took {took}, its deadline was {deadline}");
            }
        }
    }

    public Task CallAsync(string name, TimeSpan deadline, Func<CancellationToken, Task> call) => CallAsync(
        name,
        deadline,
        async ct =>
        {
            await call(ct);
            return true;
        },
        whenFailed: false);

    public void Violate(string what)
    {
        Violations.Add($"{_system.Time.Now}: {what}");
        Timeline.Note($"VIOLATION {what}");
    }

    /// <summary>The last look at the calls, when all that made them has ended.</summary>
    public void CloseCalls()
    {
        foreach (Call call in _calls)
        {
            Hung++;
            Violate($"{call.Name}, called at {call.Began}, has not ended");
        }
    }

    /// <summary>The last look at the messages, when everything has been given its time.</summary>
    public void CloseMessages()
    {
        foreach ((int number, Published message) in _published)
        {
            bool isWrong = (message.Accepted && message.Arrivals == 0) || (message.Outcome == PublishStatus.Refused && message.Arrivals > 0);
            if (isWrong && BytesMayLie)
            {
                Damaged++;
            }
            else if (message.Accepted && message.Arrivals == 0)
            {
                Lost++;
                Violate($"message {number} was {(message.Outcome is null ? "accepted" : "reported delivered")} and did not arrive");
            }
            else if (message.Outcome == PublishStatus.Refused && message.Arrivals > 0)
            {
                Violate($"message {number} was reported refused and arrived");
            }
        }
    }

    private static bool IsTrue(Exception error) =>
        error is AtException or MqttException or SerialLinkException or ModemFaultedException or TimeoutException or OutboxFullException;

    private void Arrived(SimulatedBroker.Arrival arrival)
    {
        Timeline.Note($"broker has {arrival.Topic} {Encoding.Latin1.GetString(arrival.Payload.AsSpan(0, Math.Min(12, arrival.Payload.Length)))}");
        if (arrival.Payload.AsSpan().StartsWith("AT+"u8) || arrival.Payload.AsSpan().StartsWith("AT\r"u8))
        {
            Violate($"a command reached the broker as a payload: {Encoding.Latin1.GetString(arrival.Payload)}");
            return;
        }

        if (Workload.NumberOf(arrival.Payload) is not { } number || !_published.TryGetValue(number, out Published? message)
            || message.Topic != arrival.Topic || !message.Payload.AsSpan().SequenceEqual(arrival.Payload))
        {
            if (BytesMayLie)
            {
                Damaged++;
            }
            else
            {
                Violate($"what nobody published reached the broker: {arrival.Topic} {Encoding.Latin1.GetString(arrival.Payload)}");
            }

            return;
        }

        Duplicates += message.Arrivals > 0 ? 1 : 0;
        message.Arrivals++;
    }

    private sealed record Call(string Name, TimeSpan Began, TimeSpan Deadline);

    private sealed class Published(string topic, byte[] payload)
    {
        public string Topic { get; } = topic;

        public byte[] Payload { get; } = payload;

        public bool Accepted { get; set; }

        public PublishStatus? Outcome { get; set; }

        public TimeSpan OutcomeAt { get; set; }

        public int Arrivals { get; set; }
    }
}
