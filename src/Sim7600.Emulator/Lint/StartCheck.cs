using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Lint;

/// <summary>What a firmware does before the modem is there, and before it is registered.</summary>
internal sealed class StartCheck(ModemLinter linter) : LintCheck(linter)
{
    /// <summary>Commands that begin to use the network.</summary>
    private static readonly string[] Beginning = ["+CMQTTSTART", "+NETOPEN", "+CCHSTART", "+HTTPINIT"];

    private readonly List<byte> _lostLine = [];
    private string? _lostCommand;
    private bool _hasAsked;
    private bool _hasHeardModem;
    private bool _isBooting;
    private bool _isBootSeen;
    private bool _isRegistrationSeen;

    public override void Lost(ReadOnlySpan<byte> bytes)
    {
        if (_hasHeardModem)
        {
            return; // it cannot know that the modem is gone
        }

        foreach (byte value in bytes)
        {
            if (value is not ((byte)'\r' or (byte)'\n'))
            {
                if (_lostLine.Count < CommandLineReader.MaximumLine)
                {
                    _lostLine.Add(value);
                }

                continue;
            }

            JudgeLost([.. _lostLine]);
            _lostLine.Clear();
        }
    }

    public override void CommandBegan(LintCommand command)
    {
        if (!command.Acts || !Beginning.Contains(command.Name))
        {
            return;
        }

        if (_isBooting)
        {
            Linter.Find(LintRules.CommandsBeforeReady, $"{LintWords.Shown(command.Name)} was sent after {Linter.Modem.Profile.BootBanner} and before +CPIN: READY.");
        }
        else if (command.Name == "+CMQTTSTART" && _isBootSeen && !_isRegistrationSeen && !Linter.Modem.Cmqtt.IsStarted)
        {
            Linter.Find(LintRules.MqttBeforeRegistration, $"{LintWords.Shown(command.Name)} was sent, and nothing the modem had printed since it was switched on said that it is registered.");
            _isRegistrationSeen = true; // once is enough
        }
    }

    public override void CommandEnded(LintCommand command, string? result) => _hasHeardModem |= result is not null;

    public override void LineAnswered() => _hasHeardModem = true;

    public override void Printed(string line, bool isUnsolicited)
    {
        if (line == Linter.Modem.Profile.BootBanner)
        {
            _isBooting = _isBootSeen = !_hasHeardModem; // after a reset that nobody asked for, a host may be in the middle of something
        }
        else if (line.StartsWith("+CPIN: ", StringComparison.Ordinal) || line.StartsWith("+SIMCARD:", StringComparison.Ordinal))
        {
            _isBooting = false;
        }

        _hasHeardModem = true;
        _isRegistrationSeen |= ShowsRegistration(line, isUnsolicited);
    }

    public override void PowerChanged(bool isOn)
    {
        _isBooting = _isBootSeen = _isRegistrationSeen = false;
        _lostLine.Clear();
        _lostCommand = null;
        _hasAsked = false;
    }

    public override void HostChanged()
    {
        _hasHeardModem = false;
        _lostLine.Clear();
        _lostCommand = null;
        _hasAsked = false;
    }

    /// <summary>
    /// A host whose modem has vanished sends one command into the silence before it asks. One that has asked and got no answer must
    /// not go on, nor may any go on to another command.
    /// </summary>
    private void JudgeLost(byte[] line)
    {
        if (LintWords.IsProbe(line))
        {
            _hasAsked = true;
        }
        else if (LintWords.IndexOfAt(line) is >= 0 and int at && LintWords.BeginsCommand(line.AsSpan(at)) && CommandLineParser.Parse(line.AsSpan(at + 2)) is [{ } command, ..])
        {
            if (_hasAsked || (_lostCommand is { } before && before != command.Name))
            {
                Linter.Find(LintRules.CommandsBeforeReady, $"{LintWords.Shown(Linter.Modem.Commands.ShownName(command.Name))} was sent while the modem was off or starting, after {(_hasAsked ? "AT" : "another command")} without an answer; it is lost.");
            }

            _lostCommand = command.Name;
        }
    }

    /// <summary>Anything from which a firmware can know that it is registered.</summary>
    private static bool ShowsRegistration(string line, bool isUnsolicited)
    {
        (string name, int[] numbers) = LintWords.Numbers(line);
        return name switch
        {
            "+CREG" or "+CGREG" or "+CEREG" => isUnsolicited ? numbers is [1 or 5, ..] : numbers is [_, 1 or 5, ..],
            "+CGATT" => numbers is [1],
            "+COPS" => line.Contains('"'),
            "+CPSI" => !line.Contains("NO SERVICE", StringComparison.Ordinal),
            "+CNSMOD" => numbers is [_, > 0] || (isUnsolicited && numbers is [> 0]),
            "+NETOPEN" => numbers is [0] or [1],
            "+IPADDR" or "+CGPADDR" => true,
            _ => false,
        };
    }
}
