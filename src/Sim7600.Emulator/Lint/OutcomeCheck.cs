using System.Globalization;
using Sim7600.Emulator.Families;
using Sim7600.Protocol;

namespace Sim7600.Emulator.Lint;

/// <summary>What a firmware makes of the outcome of its MQTT commands.</summary>
internal sealed class OutcomeCheck(ModemLinter linter) : LintCheck(linter)
{
    /// <summary>Who waited this long for a result line has given up on it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The same for who then cleans up.</summary>
    private static readonly TimeSpan CleanUpPatience = TimeSpan.FromSeconds(1);

    private static readonly string[] WithResultLine = ["+CMQTTSTART", "+CMQTTSTOP", "+CMQTTCONNECT", "+CMQTTDISC", "+CMQTTPUB", "+CMQTTSUB", "+CMQTTUNSUB"];

    private static readonly string[] OnConnection = ["+CMQTTTOPIC", "+CMQTTPAYLOAD", "+CMQTTPUB", "+CMQTTSUBTOPIC", "+CMQTTSUB", "+CMQTTUNSUBTOPIC", "+CMQTTUNSUB"];

    private static readonly string[] OnClient = [.. OnConnection, "+CMQTTCONNECT", "+CMQTTWILLTOPIC", "+CMQTTWILLMSG"];

    /// <summary>What makes no sense once a command has failed.</summary>
    private static readonly Dictionary<string, string[]> Needs = new()
    {
        ["+CMQTTSTART"] = [.. OnClient, "+CMQTTACCQ"],
        ["+CMQTTACCQ"] = OnClient,
        ["+CMQTTCONNECT"] = OnConnection,
        ["+CMQTTTOPIC"] = ["+CMQTTPAYLOAD", "+CMQTTPUB"],
        ["+CMQTTPAYLOAD"] = ["+CMQTTPUB"],
        ["+CMQTTSUBTOPIC"] = ["+CMQTTSUB"],
        ["+CMQTTUNSUBTOPIC"] = ["+CMQTTUNSUB"],
        ["+CMQTTWILLTOPIC"] = ["+CMQTTWILLMSG"],
    };

    private static readonly int[] EveryClient = [.. Enumerable.Range(0, CmqttLimits.Clients)];

    private readonly List<Failure> _failures = [];
    private readonly List<(LintCommand Command, TimeSpan Since)> _awaited = [];
    private LintCommand? _running;
    private int? _code;

    /// <summary>For each client what failed since it connected; null while nothing has.</summary>
    private readonly string?[] _failed = new string?[CmqttLimits.Clients];

    private readonly bool[] _hasCleanedUp = new bool[CmqttLimits.Clients];
    private bool _mayBeAnotherHost;

    public override void LineTaken(HostLine line)
    {
        if (line.IsCommand && LintWords.IsResynchronisation(line.Bytes))
        {
            // A host that begins with AT, ATE0 or the like may have been restarted: it cannot know what is under way.
            _mayBeAnotherHost = true;
            _awaited.Clear();
        }
    }

    public override void CommandBegan(LintCommand command)
    {
        _running = command;
        _code = null;
        if (!command.IsMqtt)
        {
            return;
        }

        JudgeAwaited(command);
        JudgeFailures(command);
        JudgeCleanUp(command);
        if (command.IsCleanUp)
        {
            foreach (int client in ClientsOf(command))
            {
                _hasCleanedUp[client] = true;
            }

            _failures.RemoveAll(failure => command.Client is null || failure.Command.Client is null || failure.Command.Client == command.Client);
        }
    }

    public override void Printed(string line, bool isUnsolicited)
    {
        (string name, int[] numbers) = LintWords.Numbers(line);
        if (line == "+CMQTTNONET" || name is "+CMQTTCONNLOST" or "+CMQTTPING")
        {
            _awaited.Clear(); // what it was waiting for may never come
            NoteFailure(numbers is [0 or 1, ..] ? [numbers[0]] : EveryClient, line);
            return;
        }

        if (isUnsolicited && line == "ERROR")
        {
            Ended("ERROR"); // a reply that a scenario gives
            return;
        }

        if (!name.StartsWith("+CMQTT", StringComparison.Ordinal) || numbers.Length == 0)
        {
            return;
        }

        if (_running is { IsMqtt: true } running && running.Name == name && !_awaited.Exists(awaited => ReferenceEquals(awaited.Command, running)))
        {
            _code = numbers[^1];
            return;
        }

        int at = _awaited.FindIndex(awaited => awaited.Command.Name == name && (awaited.Command.Client is null || awaited.Command.Client == numbers[0]));
        if (at >= 0)
        {
            LintCommand command = _awaited[at].Command;
            _awaited.RemoveAt(at);
            Conclude(command, numbers[^1], "OK");
        }
    }

    public override void CommandEnded(LintCommand command, string? result) => Ended(result);

    public override void Flushed()
    {
        foreach (Failure failure in _failures)
        {
            failure.ToldAt ??= Linter.Received;
        }
    }

    public override void PowerChanged(bool isOn) => Forget();

    public override void HostChanged() => Forget();

    private void Forget()
    {
        _failures.Clear();
        _awaited.Clear();
        _running = null;
        _mayBeAnotherHost = false;
        Array.Clear(_failed);
        Array.Clear(_hasCleanedUp);
    }

    private void Ended(string? result)
    {
        LintCommand? command = _running;
        if (command is not { IsMqtt: true } || result is null or "no result")
        {
            return;
        }

        _running = null;
        if (result == "OK" && _code is null && WithResultLine.Contains(command.Name))
        {
            _awaited.RemoveAll(awaited => awaited.Command.Name == command.Name && awaited.Command.Client == command.Client);
            _awaited.Add((command, Linter.Now));
        }
        else
        {
            Conclude(command, _code, result);
        }
    }

    /// <summary>The outcome of a command is known.</summary>
    private void Conclude(LintCommand command, int? code, string result)
    {
        bool isThereAlready = command.Name switch
        {
            "+CMQTTSTART" => code == 23 || Linter.Modem.Cmqtt.IsStarted,
            "+CMQTTACCQ" => code == 19 || StateOf(command) is CmqttClientState.Acquired or CmqttClientState.Connected,
            "+CMQTTCONNECT" => code == 13 || StateOf(command) is CmqttClientState.Connected,
            "+CMQTTWILLTOPIC" => code == 13,
            _ => false,
        };
        bool succeeded = (result == "OK" && code is null or 0) || isThereAlready;
        _failures.RemoveAll(failure => failure.Command.Name == command.Name && failure.Command.Client == command.Client);
        if (succeeded)
        {
            Succeeded(command);
            return;
        }

        if (!command.IsCleanUp)
        {
            string shown = code is { } number ? string.Create(CultureInfo.InvariantCulture, $"{command.Name}: {(command.Client is { } client ? $"{client}," : "")}{number}") : result;
            NoteFailure(ClientsOf(command), code is null ? $"{result} to {LintWords.Shown(command.Name)}" : shown);
            if (Needs.ContainsKey(command.Name) && (command.Client is not null || command.Name == "+CMQTTSTART"))
            {
                _failures.Add(new Failure(command, shown));
            }
        }
    }

    private void NoteFailure(int[] clients, string what)
    {
        foreach (int client in clients)
        {
            _failed[client] = what;
        }
    }

    private static int[] ClientsOf(LintCommand command) => command.Client is { } client ? [client] : EveryClient;

    private void Succeeded(LintCommand command)
    {
        switch (command.Name)
        {
            case "+CMQTTCONNECT" when command.Client is { } client:
                _failed[client] = null;
                _hasCleanedUp[client] = _mayBeAnotherHost = false;
                break;
            case "+CMQTTPUB":
                _failures.RemoveAll(failure => failure.Command.Client == command.Client && failure.Command.Name is "+CMQTTTOPIC" or "+CMQTTPAYLOAD");
                break;
            default:
                break;
        }
    }

    private CmqttClientState? StateOf(LintCommand command) => command.Client is { } client ? Linter.Modem.Cmqtt.Clients[client].State : null;

    private void JudgeAwaited(LintCommand command)
    {
        int at = _awaited.FindIndex(awaited => awaited.Command.Client is null || command.Client is null || awaited.Command.Client == command.Client);
        if (at < 0)
        {
            return;
        }

        (LintCommand before, TimeSpan since) = _awaited[at];
        TimeSpan waited = command.Line.Received - since;
        if (waited < (command.IsCleanUp ? CleanUpPatience : Patience) && command.Line.First >= Linter.ExcusedUntil)
        {
            _awaited.RemoveAt(at);
            Linter.Find(LintRules.CommandBeforeResultLine, $"{LintWords.Span(waited < TimeSpan.Zero ? TimeSpan.Zero : waited)} after the OK to {LintWords.Shown(before.Name)} came {LintWords.Shown(command.Name)}; {before.Name}: had not been printed yet.");
        }
    }

    private void JudgeFailures(LintCommand command)
    {
        Failure? ignored = _failures.Find(failure => Needs[failure.Command.Name].Contains(command.Name)
            && (failure.Command.Client is null || failure.Command.Client == command.Client)
            && failure.ToldAt <= command.Line.First);
        if (ignored is null || IsCachedForm(command, ignored.Command))
        {
            return;
        }

        _failures.Remove(ignored);
        Linter.Find(LintRules.ResultIgnored, $"{LintWords.Shown(ignored.Command.Name)} failed with {ignored.Shown}, and {LintWords.Shown(command.Name)} followed as if it had not.");
    }

    /// <summary>SUB and UNSUB do not need the topic that failed when they bring one, or when others are there.</summary>
    private bool IsCachedForm(LintCommand command, LintCommand failed) => failed.Name switch
    {
        "+CMQTTSUBTOPIC" => command.Arguments.Count > 2 || Linter.Modem.Cmqtt.Clients[failed.Client ?? 0].SubscribeTopics.Count > 0,
        "+CMQTTUNSUBTOPIC" => command.Arguments.Count > 2 || Linter.Modem.Cmqtt.Clients[failed.Client ?? 0].UnsubscribeTopics.Count > 0,
        _ => false,
    };

    private void JudgeCleanUp(LintCommand command)
    {
        if (command is { Name: "+CMQTTCONNECT", Client: { } client } && IsHeld(Linter.Modem.Cmqtt.Clients[client]) && _failed[client] is { } failure && !_hasCleanedUp[client] && !_mayBeAnotherHost)
        {
            Linter.Find(LintRules.NoCleanupOnErrorPath, $"After {failure} came {LintWords.Shown(command.Name)} again, with no DISC, REL or STOP since; the connection that failed is still there.");
        }
    }

    private static bool IsHeld(CmqttClient client) => client.State == CmqttClientState.Connected || client.Busy is not null;

    /// <summary>A command that failed, and when the host could know.</summary>
    private sealed class Failure(LintCommand command, string shown)
    {
        public LintCommand Command => command;

        public string Shown => shown;

        /// <summary>Bytes that the host had sent when the failure left the modem; null while it has not.</summary>
        public long? ToldAt { get; set; }
    }
}
