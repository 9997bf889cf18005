using System.Globalization;
using Sim7600.Emulator.Families;

namespace Sim7600.Emulator.Lint;

/// <summary>What a firmware does about losses that the modem tells.</summary>
internal sealed class RecoveryCheck(ModemLinter linter) : LintCheck(linter)
{
    /// <summary>What is lost within this time after the host turned radio or module off is what it wanted.</summary>
    private static readonly TimeSpan OwnDoing = TimeSpan.FromSeconds(30);

    private static readonly string[] Recovering =
    [
        "+CMQTTCONNECT", "+CMQTTDISC", "+CMQTTREL", "+CMQTTSTOP", "+CMQTTSTART", "+CMQTTACCQ", "+CRESET", "+CFUN", "+CPOF", "+CPOWD", "+CSCLK", "+REBOOT",
    ];

    private static readonly string[] Publishing = ["+CMQTTTOPIC", "+CMQTTPUB", "+CMQTTSUBTOPIC", "+CMQTTSUB"];

    /// <summary>A command this soon after a loss was under way already.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(1);

    /// <summary>For how many recovery times asking is taken for waiting, once there is a network.</summary>
    private const int MaximumExcuses = 3;

    /// <summary>Questions of a host that waits for its network.</summary>
    private static readonly string[] Asking = ["+CREG", "+CGREG", "+CEREG", "+COPS", "+CPSI", "+CGATT", "+CNSMOD"];

    private readonly Loss?[] _losses = new Loss?[3];

    /// <summary>Losses that the firmware has begun to do something about.</summary>
    private readonly Loss?[] _repairs = new Loss?[3];
    private readonly bool[] _isSubscribed = new bool[2];

    /// <summary>True from the DISC, REL or STOP of the host to its next connection: what is lost then it has given up.</summary>
    private readonly bool[] _hasLeft = new bool[2];

    private readonly TimeSpan?[] _published = new TimeSpan?[2];
    private readonly TimeSpan?[] _publishedBefore = new TimeSpan?[2];
    private TimeSpan? _withheld;
    private TimeSpan? _ownDoing;
    private bool _isStarted;
    private bool _diedStarted;

    /// <summary>The place of a loss that is not of one client.</summary>
    private static int Service => 2;

    public override void AnswerWithheld()
    {
        _withheld = Linter.Now;
        Wait();
    }

    public override void CommandBegan(LintCommand command)
    {
        _withheld = null; // the host waits no more
        if (command.Acts && Recovering.Contains(command.Name))
        {
            if (!command.IsMqtt)
            {
                _ownDoing = Linter.Now;
            }

            for (int place = 0; place < _losses.Length; place++)
            {
                if (command.Name == "+CMQTTSTART" ? place == Service : command.Client is null || place == Service || place == command.Client)
                {
                    _repairs[place] ??= _losses[place];
                    Forget(place);
                }
            }

            foreach (int index in command.Client is { } one ? [one] : Enumerable.Range(0, _isSubscribed.Length))
            {
                _hasLeft[index] = command.IsCleanUp || (_hasLeft[index] && command.Name != "+CMQTTCONNECT");
                if (command.IsCleanUp)
                {
                    _isSubscribed[index] = false;
                    _published[index] = _publishedBefore[index] = null;
                }
            }

            _isStarted = command.Name switch
            {
                "+CMQTTSTOP" => false,
                "+CMQTTSTART" => true,
                _ => _isStarted,
            };
            return;
        }

        if (command is { IsMqtt: true, Client: { } client } && Publishing.Contains(command.Name))
        {
            if (command.Name == "+CMQTTPUB")
            {
                _publishedBefore[client] = _published[client];
                _published[client] = Linter.Now;
            }

            _isSubscribed[client] |= command.Name == "+CMQTTSUB";
            _hasLeft[client] = false;
            foreach (Loss loss in new[] { _losses[client], _losses[Service] }.OfType<Loss>())
            {
                if (command.Name is "+CMQTTTOPIC" or "+CMQTTSUB" && Linter.Now - loss.Time >= UnderWay)
                {
                    loss.Publishes++;
                    loss.FirstPublish ??= Linter.Now;
                }
            }
        }

        if (command is { Name: "+CMQTTUNSUB", Client: { } left })
        {
            _isSubscribed[left] = false;
        }

        if (Asking.Contains(command.Name))
        {
            Wait();
        }
    }

    public override void CommandEnded(LintCommand command, string? result)
    {
        if (command is { IsMqtt: true, Name: "+CMQTTCONNECT", Client: { } client } && IsError(result))
        {
            RepairEnded(client, succeeded: IsConnected(client), $"{result} to {LintWords.Shown(command.Name)}");
        }
    }

    public override void Printed(string line, bool isUnsolicited)
    {
        (string name, int[] numbers) = LintWords.Numbers(line);
        if (isUnsolicited && name.StartsWith("+CMQTT", StringComparison.Ordinal) && name is not ("+CMQTTCONNLOST" or "+CMQTTPING"))
        {
            Wait(); // the end of an operation that a firmware may have waited for
        }

        if (name == "+CMQTTCONNECT" && numbers is [0 or 1, _])
        {
            RepairEnded(numbers[0], succeeded: numbers[1] == 0 || IsConnected(numbers[0]), line);
        }
        else if (name == "+CMQTTSTART" && numbers is [> 0] && !Linter.Modem.Cmqtt.IsStarted)
        {
            RepairEnded(Service, succeeded: false, line);
        }
        else if (isUnsolicited && IsError(line) && Linter.Command is { } command)
        {
            CommandEnded(command, line); // a reply that a scenario gives
        }

        if (!isUnsolicited || Linter.Now - _ownDoing < OwnDoing)
        {
            return;
        }

        if (name is "+CMQTTCONNLOST" or "+CMQTTPING" && numbers is [0 or 1, _])
        {
            if (_hasLeft[numbers[0]])
            {
                return;
            }

            Lose(numbers[0], line, _isSubscribed[numbers[0]] || IsBusyPublisher(numbers[0]));
        }
        else if (line == "+CMQTTNONET" && _isStarted)
        {
            Lose(Service, line, _isSubscribed[0] || _isSubscribed[1] || IsBusyPublisher(0) || IsBusyPublisher(1));
        }
        else if (line == Linter.Modem.Profile.BootBanner && _diedStarted)
        {
            _diedStarted = false;
            Lose(Service, line, isMissed: true);
        }
    }

    public override void PowerChanged(bool isOn)
    {
        if (!isOn)
        {
            _diedStarted = _isStarted && !(Linter.Now - _ownDoing < OwnDoing);
            _isStarted = false;
            ForgetSubscriptions();
            ForgetAll();
        }
    }

    public override void HostChanged()
    {
        _diedStarted = _isStarted = false;
        Array.Clear(_published);
        Array.Clear(_publishedBefore);
        ForgetSubscriptions();
        ForgetAll();
    }

    public override void Disturbed() => ForgetAll();

    private bool IsBusyPublisher(int client) => _publishedBefore[client] is { } before && Linter.Now - before < Linter.Options.RecoveryTime;

    /// <summary>The firmware had a reason to do nothing yet.</summary>
    private void Wait()
    {
        foreach (Loss loss in _losses.OfType<Loss>())
        {
            loss.IsExcused = true;
        }
    }

    /// <summary>A loss was told.</summary>
    /// <param name="place">The client, or the service.</param>
    /// <param name="line">What the modem printed.</param>
    /// <param name="isMissed">True when the firmware needs what was lost all the time, so that silence is no choice.</param>
    private void Lose(int place, string line, bool isMissed)
    {
        if (_losses[place] is not null || Linter.IsDisturbed)
        {
            return; // told twice, or perhaps not at all
        }

        var loss = new Loss(line, isMissed, Linter.Now) { IsExcused = Linter.Now - _withheld < Linter.Options.RecoveryTime };
        _losses[place] = loss;
        loss.Timer = Linter.Modem.AfterWhatever(Linter.Options.RecoveryTime, () => Judge(place, loss));
        if (place < Service)
        {
            _isSubscribed[place] = false;
        }
    }

    /// <summary>An attempt to connect again has ended. One that failed leaves the loss as it was.</summary>
    private void RepairEnded(int place, bool succeeded, string line)
    {
        Loss? repaired = _repairs[place] ?? _repairs[Service] ?? (place == Service ? _repairs[0] ?? _repairs[1] : null);
        if (repaired is null)
        {
            return;
        }

        if (succeeded)
        {
            _repairs[place] = _repairs[Service] = null;
        }
        else
        {
            Lose(place, $"{repaired.Line} and {line}", repaired.IsMissed || repaired.Publishes > 0);
        }
    }

    private static bool IsError(string? result) => result == "ERROR" || result?.StartsWith("+CME ERROR", StringComparison.Ordinal) == true;

    private bool IsConnected(int client) => Linter.Modem.Cmqtt.Clients[client].State == CmqttClientState.Connected;

    private void Judge(int place, Loss loss)
    {
        if (!ReferenceEquals(_losses[place], loss))
        {
            return;
        }

        // Who publishes now and then learns of the loss by that; who asks and asks waits for what is there already.
        TimeSpan more = loss.FirstPublish is { } first ? first + Linter.Options.RecoveryTime - Linter.Now
            : !Linter.Modem.IsRegistered || (loss.IsExcused && loss.Excuses++ < MaximumExcuses) ? Linter.Options.RecoveryTime
            : TimeSpan.Zero;
        if (more > TimeSpan.Zero)
        {
            loss.IsExcused = false;
            loss.Timer = Linter.Modem.AfterWhatever(more, () => Judge(place, loss));
            return;
        }

        _losses[place] = null;
        string time = LintWords.Span(Linter.Now - loss.Time);
        if (loss.Publishes > 0)
        {
            Linter.Find(LintRules.NoRecovery, string.Create(CultureInfo.InvariantCulture, $"In the {time} after {loss.Line} the firmware published or subscribed {loss.Publishes} times and did nothing to connect again."));
        }
        else if (loss.IsMissed)
        {
            Linter.Find(LintRules.NoRecovery, $"In the {time} after {loss.Line} the firmware did nothing to connect again.");
        }
    }

    private void ForgetSubscriptions()
    {
        Array.Clear(_isSubscribed);
        Array.Clear(_hasLeft);
    }

    private void ForgetAll()
    {
        for (int place = 0; place < _losses.Length; place++)
        {
            Forget(place);
            _repairs[place] = null;
        }
    }

    private void Forget(int place)
    {
        _losses[place]?.Timer?.Dispose();
        _losses[place] = null;
    }

    private sealed class Loss(string line, bool isMissed, TimeSpan time)
    {
        public TimeSpan Time => time;

        public string Line => line;

        public bool IsMissed => isMissed;

        /// <summary>True when the firmware waited for something since the last look.</summary>
        public bool IsExcused { get; set; }

        /// <summary>How often that was taken for a reason while there was a network.</summary>
        public int Excuses { get; set; }

        public int Publishes { get; set; }

        public TimeSpan? FirstPublish { get; set; }

        public IDisposable? Timer { get; set; }
    }
}
