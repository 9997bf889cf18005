using System.Buffers;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Line;
using Sim7600.Emulator.Lint;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Scenarios;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator;

/// <summary>
/// One software SIM7600. It is an actor: bytes from the host, timers, broker events and control calls enter one queue, and
/// one loop owns all state and all output. What one turn of the loop prints leaves the modem in one write.
/// </summary>
public sealed partial class VirtualModem : IAsyncDisposable
{
    /// <summary>Bytes from the host that may wait while a command runs; a UART without flow control loses what comes on top.</summary>
    private const int MaximumWaitingInput = 64 * 1024;

    private readonly Channel<Action> _turns = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly LineBuffer _output;
    private readonly ArrayBufferWriter<byte> _input = new(1024);
    private readonly List<byte[]> _heldUrcs = [];
    private readonly CommandLineReader _reader = new();
    private readonly CommandTable _commands = new();
    private readonly UnknownCommands _unknownCommands = new();
    private readonly ModemScheduler _scheduler;
    private readonly ILogger _log;
    private readonly Task _loop;
    private int _inputTaken;
    private long _bytesReceived;
    private long _bytesPrinted;
    private string _lastCommand = "";
    private byte[] _lastLine = [];
    private Action<byte[]>? _sink;
    private CommandRun? _running;
    private Action<byte[]?>? _dataTaker;
    private Action? _abortOnInput;
    private LineSettings _savedLine;
    private List<string>? _captured;
    private int _epoch;
    private bool _losesInput;
    private bool _disposed;

    internal VirtualModem(int number, VirtualModemOptions options, IBrokerBridge bridge)
    {
        Number = number;
        Options = options;
        Profile = options.Profile;
        Identity = GivenIdentity.Apply(options.Identity ?? options.Profile.Identity, options.Given.Identity);
        _log = options.Log ?? NullLogger.Instance;
        _scheduler = new ModemScheduler(options.TimeProvider, action => Post(action));
        SavedBaudRate = options.BaudRate ?? Uart.DefaultRate;
        Uart = new Uart(number, options is { BaudRate: not null, IsWired: false }, SavedBaudRate, _log);
        Line = FactoryLine();
        Line.Echo = options.Given.Echo ?? Line.Echo;
        _savedLine = Line.Copy();
        Clock = new ModemClock(options.TimeProvider);
        Faults = new ModemFaults(this, options.Seed + number);
        Broker = new FaultyBroker(this, bridge);
        Cmqtt = new CmqttService(this, Broker);
        GeneralCommands.Declare(_commands, this);
        IdentityCommands.Declare(_commands, this);
        SimCommands.Declare(_commands, this);
        RegistrationCommands.Declare(_commands, this);
        PacketDataCommands.Declare(_commands, this);
        PowerCommands.Declare(_commands, this);
        SimFileCommands.Declare(_commands, this);
        RadioCommands.Declare(_commands, this);
        ClockCommands.Declare(_commands, this);
        HardwareCommands.Declare(_commands, this);
        CmqttCommands.Declare(_commands, this);
        CertificateCommands.Declare(_commands, this);
        SslCommands.Declare(_commands, this);
        Sockets = SocketCommands.Declare(_commands, this);
        Messages = SmsCommands.Declare(_commands, this);
        Gnss = GnssCommands.Declare(_commands, this);
        Calls = CallCommands.Declare(_commands, this);
        Http = HttpCommands.Declare(_commands, this);
        CchCommands.Declare(_commands, this);
        ChttpsCommands.Declare(_commands, this);
        FileCommands.Declare(_commands, this);
        _mask = new CommandLineMask(_commands);
        _dataMask = new DataMask(_commands);
        _output = new LineBuffer(marksHidden: options.Timeline is not null);
        Lint = options.Lint is null ? null : new ModemLinter(this, options.Lint);
        Post(Begin);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>The modem's number, from 1.</summary>
    public int Number { get; }

    /// <summary>The firmware that it stands for.</summary>
    public FirmwareProfile Profile { get; }

    /// <summary>What it says of itself.</summary>
    public ModemIdentity Identity { get; }

    internal VirtualModemOptions Options { get; }

    internal LineSettings Line { get; private set; }

    internal SimCard Sim { get; } = new();

    internal RadioNetwork Network { get; } = new();

    internal PacketData Packet { get; } = new();

    internal CmqttService Cmqtt { get; }

    internal ModemClock Clock { get; }

    internal ModuleHardware Hardware { get; } = new();

    internal VolatileSettings Settings { get; private set; } = new();

    internal PermanentSettings Permanent { get; } = new();

    internal CommandTable Commands => _commands;

    internal ILogger Log => _log;

    /// <summary>AT+CFUN.</summary>
    internal int Functionality { get; private set; } = 1;

    internal bool IsOn { get; private set; }

    /// <summary>Speed of AT+IPREX; AT+IPR is lost with the power.</summary>
    internal int SavedBaudRate { get; set; }

    /// <summary>The speeds of the serial line.</summary>
    internal Uart Uart { get; }

    /// <summary>Prints a line as an unsolicited result code.</summary>
    /// <param name="text">The line without CR LF.</param>
    /// <returns>A task that completes when the modem has printed it.</returns>
    public Task SendUrcAsync(string text) => InvokeAsync(() => WriteUrc(text));

    /// <summary>A picture of the modem at this moment.</summary>
    /// <returns>The picture.</returns>
    /// <exception cref="ObjectDisposedException">The modem has ended.</exception>
    public async Task<ModemStatus> GetStatusAsync()
    {
        ModemStatus? status = null;
        await InvokeAsync(() => status = new ModemStatus(
            Number,
            IsOn,
            Registration,
            Network.Csq,
            Cmqtt.IsStarted,
            [.. Cmqtt.Clients.Select(client => client.Describe())],
            _bytesReceived,
            _bytesPrinted,
            _lastCommand)).ConfigureAwait(false);
        return status!;
    }

    /// <summary>How often each command was sent that this modem does not know.</summary>
    /// <returns>Names without <c>AT</c>, with their count: the first 256 names, and <c>other</c> for all further ones.</returns>
    public async Task<IReadOnlyDictionary<string, int>> GetUnknownCommandsAsync()
    {
        IReadOnlyDictionary<string, int> copy = new Dictionary<string, int>();
        await InvokeAsync(() => copy = _unknownCommands.Counts).ConfigureAwait(false);
        return copy;
    }

    /// <summary>Ends the modem: its connections close without a word to the broker, and it prints nothing more.</summary>
    /// <returns>A task that completes when everything is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        Post(() =>
        {
            PowerOff();
            _sink = null;
            _turns.Writer.TryComplete();
        });
        await _loop.ConfigureAwait(false);
        _scheduler.Dispose();
        await Cmqtt.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Connects the modem's serial line; what it prints goes to <paramref name="sink"/>, null disconnects.</summary>
    /// <param name="sink">Takes the bytes.</param>
    /// <param name="host">The port that the host has opened, as far as it can be seen.</param>
    internal void Attach(Action<byte[]>? sink, IHostEnd? host = null) => Post(() =>
    {
        _sink = sink;
        Uart.Host = host;
        Lint?.HostChanged();
    });

    /// <summary>Hands over bytes that came from the host.</summary>
    internal void Receive(byte[] bytes) => Post(() => Faults.Line.Receive(bytes));

    /// <summary>Hands over bytes that came from the host, no faster than the line takes them.</summary>
    /// <returns>A task that completes when the line needs more; it may never, where flow control stops the line.</returns>
    internal Task ReceiveAsync(byte[] bytes)
    {
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Post(() => Faults.Line.Receive(bytes, room)) ? room.Task : Task.CompletedTask;
    }

    /// <summary>Puts an action into the queue of the loop.</summary>
    /// <returns>False when the modem has ended.</returns>
    internal bool Post(Action action) => _turns.Writer.TryWrite(action);

    /// <summary>As <see cref="Post"/>, but the action is forgotten when the modem was reset meanwhile.</summary>
    internal void PostIfStillOn(int epoch, Action action) => Post(() =>
    {
        if (epoch == _epoch)
        {
            action();
        }
    });

    /// <summary>Changes with each power-off, so that answers of an earlier life can be told.</summary>
    internal int Epoch => _epoch;

    /// <summary>Runs an action on the loop after a delay, unless the modem is reset before.</summary>
    internal IDisposable After(TimeSpan delay, Action action) => _scheduler.After(delay, action);

    internal void WriteInformation(params IEnumerable<string> lines)
    {
        if (_captured is not null)
        {
            _captured.AddRange(lines);
            return;
        }

        bool first = true;
        foreach (string line in lines)
        {
            if (first && Line.Verbose)
            {
                Write("\r\n"u8);
            }

            first = false;
            Lint?.Printed(line, isUnsolicited: false);
            WriteAnswer(line);
            Write("\r\n"u8);
        }
    }

    internal void WriteFinalResult(FinalResultCode result)
    {
        if (Line.Quiet || _captured is not null)
        {
            return;
        }

        if (!Line.Verbose)
        {
            Write(string.Create(CultureInfo.InvariantCulture, $"{(int)result}\r"));
            return;
        }

        Write("\r\n"u8);
        Write(TextOf(result));
        Write("\r\n"u8);
    }

    internal static string TextOf(FinalResultCode result) => result switch
    {
        FinalResultCode.Ok => "OK",
        FinalResultCode.NoCarrier => "NO CARRIER",
        FinalResultCode.NoDialtone => "NO DIALTONE",
        FinalResultCode.NoAnswer => "NO ANSWER",
        _ => result.ToString().ToUpperInvariant(),
    };

    internal void WriteCmeError(int number)
    {
        if (Line.MobileErrors == 0)
        {
            WriteFinalResult(FinalResultCode.Error);
        }
        else if (!Line.Quiet && _captured is null)
        {
            string text = Line.MobileErrors == 1 ? number.ToString(CultureInfo.InvariantCulture) : CmeError.TextOf(number);
            Write($"\r\n+CME ERROR: {text}\r\n");
        }
    }

    /// <summary>Prints an unsolicited line, or keeps it back while counted data is being typed.</summary>
    internal void WriteUrc(string line)
    {
        if (IsOn)
        {
            Lint?.Printed(line, isUnsolicited: true);
            WriteUrc(Encoding.UTF8.GetBytes($"\r\n{line}\r\n"));
        }
    }

    /// <summary>Prints an unsolicited block that has its own CR LF.</summary>
    internal void WriteUrc(byte[] block)
    {
        if (!IsOn)
        {
            return;
        }

        if (_reader.IsTakingData)
        {
            _heldUrcs.Add(block);
            return;
        }

        Write(block);
    }

    internal void Prompt(int count, Action<byte[]> data)
    {
        ShowPrompt(Profile.PromptHasTrailingBlank ? "\r\n> " : "\r\n>", () => TakeCounted(count, bytes => data(bytes!)));
    }

    /// <summary>Lets the next byte from the host end the running command, as dialling and the operator search do.</summary>
    internal void AbortRunningOnInput(Action abort) => _abortOnInput = abort;

    /// <summary>What the read form of a command shows now, without printing it; for commands that answer at once.</summary>
    /// <returns>The lines, or null when there is no such command or no read form.</returns>
    internal IReadOnlyList<string>? Capture(string name)
    {
        if (!_commands.TryGet(name, out AtCommandDefinition? command) || command.OnRead is not { } read)
        {
            return null;
        }

        var lines = new List<string>();
        List<string>? outer = _captured;
        _captured = lines;
        try
        {
            read(new CommandRun(this, new AtInvocation(name, AtForm.Read, []), isLast: false, _ => { }));
        }
        finally
        {
            _captured = outer;
        }

        return lines;
    }

    private async Task RunAsync()
    {
        await foreach (Action turn in _turns.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                turn();
                TakeInput();
            }
            catch (Exception error)
            {
                // A mistake of ours must not take the modem away from its host: the command fails, the session goes on.
                LogFault(error, Number);
                _running?.Error();
            }

            NoteStates();
            Flush();
        }
    }

    private async Task InvokeAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool posted = Post(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        ObjectDisposedException.ThrowIf(!posted, this);
        await done.Task.ConfigureAwait(false);
    }

    private void Accept(byte[] bytes)
    {
        _bytesReceived += bytes.Length;
        if (!IsOn)
        {
            NoteLost(bytes.Length, "the modem is off");
            Lint?.Lost(bytes);
            return; // what is typed before RDY is lost, not kept (real sessions)
        }

        if (IsAsleep())
        {
            NoteLost(bytes.Length, "the modem sleeps");
            return; // the UART's clock is off
        }

        KeepAwake();

        if (_abortOnInput is { } abort)
        {
            _abortOnInput = null;
            Lint?.Excuse(bytes.Length);
            abort();
        }

        ReadOnlySpan<byte> rest = bytes;
        while (!rest.IsEmpty && IsOn)
        {
            int room = MaximumWaitingInput - _input.WrittenCount;
            if (room == 0)
            {
                if (!_losesInput)
                {
                    LogOverrun(Number);
                }

                _losesInput = true;
                NoteLost(rest.Length, "a command is running, and no more bytes can wait");
                return;
            }

            ReadOnlySpan<byte> piece = rest[..Math.Min(room, rest.Length)];
            rest = rest[piece.Length..];
            _input.Write(piece);
            Lint?.Arrived(piece.Length);
            TakeInput();
        }

        NoteWaiting();
    }

    /// <summary>Runs what has arrived, up to a command that keeps the line.</summary>
    private void TakeInput()
    {
        while (_inputTaken < _input.WrittenCount && IsOn && !Faults.IsFrozen && (_running is null || _reader.IsTakingData))
        {
            bool wasData = _reader.IsTakingData;
            bool afterCarriageReturn = _reader.IsAfterCarriageReturn;
            bool startsLine = _reader.HalfLine == 0;
            LineEventKind kind = _reader.Read(_input.WrittenSpan[_inputTaken..], out int consumed, out byte[] bytes);
            ReadOnlySpan<byte> taken = _input.WrittenSpan.Slice(_inputTaken, consumed);
            _inputTaken += consumed;
            bool[]? hidden = NoteTaken(taken, wasData, startsLine);
            Lint?.Took(taken, wasData ? _reader.LastData : null, kind);
            if (Line.Echo && wasData && Profile.EchoesPromptData)
            {
                WriteDataEcho(taken[_reader.LastData], hidden is null ? [] : hidden.AsSpan(_reader.LastData));
            }
            else if (Line.Echo && !wasData)
            {
                WriteEcho(taken, hidden, afterCarriageReturn);
            }

            switch (kind)
            {
                case LineEventKind.NeedMore:
                    break;
                case LineEventKind.Data:
                    EndData(bytes);
                    break;
                case LineEventKind.Cancelled:
                    EndData(null);
                    break;
                case LineEventKind.TextLine:
                    Write("\r\n> "u8); // real sessions show the prompt again after every line
                    break;
                case LineEventKind.Command:
                    _lastLine = bytes;
                    RunLine(bytes);
                    break;
                case LineEventKind.Repeat:
                    RunLine(_lastLine);
                    break;
                default:
                    NoteNoCommand(FinalResultCode.Error);
                    WriteFinalResult(FinalResultCode.Error);
                    break;
            }
        }

        if (_inputTaken > 0)
        {
            byte[] rest = _input.WrittenSpan[_inputTaken..].ToArray();
            _losesInput &= rest.Length > 0; // one warning until the modem has caught up
            ForgetInput();
            _input.Write(rest);
        }
    }

    private void ForgetInput()
    {
        _input.ResetWrittenCount();
        _inputTaken = 0;
    }

    private void EndData(byte[]? data)
    {
        Action<byte[]?> take = _dataTaker!;
        _dataTaker = null;
        Lint?.DataTaken(data);
        take(data);
        foreach (byte[] held in _heldUrcs)
        {
            Write(held);
        }

        _heldUrcs.Clear();
    }

    private void RunLine(byte[] line)
    {
        TellBaudRate();
        IReadOnlyList<AtInvocation>? commands = CommandLineParser.Parse(line);
        if (commands is null)
        {
            NoteNoCommand(FinalResultCode.Error);
            WriteFinalResult(FinalResultCode.Error);
        }
        else if (commands.Count == 0)
        {
            NoteNoCommand(FinalResultCode.Ok);
            WriteFinalResult(FinalResultCode.Ok);
        }
        else
        {
            RunFrom(commands, 0);
        }
    }

    private void RunFrom(IReadOnlyList<AtInvocation> commands, int index)
    {
        CommandRun? run = null;
        run = new CommandRun(this, commands[index], index == commands.Count - 1, succeeded =>
        {
            if (ReferenceEquals(_running, run))
            {
                _running = null;
                _abortOnInput = null;
            }

            if (succeeded && index + 1 < commands.Count && IsOn)
            {
                RunFrom(commands, index + 1);
            }
        });
        _running = run;
        string shown = _commands.ShownName(run.Invocation.Name);
        _lastCommand = $"AT{shown}";
        LogCommand(Number, shown, run.Invocation.Form);
        Lint?.CommandBegan(run.Invocation);
        RunUnlessFaulty(run);
    }

    private void Dispatch(CommandRun run)
    {
        AtInvocation invocation = run.Invocation;
        if (!_commands.TryGet(invocation.Name, out AtCommandDefinition? command))
        {
            (string name, int count) = _unknownCommands.Add(_commands.ShownName(invocation.Name));
            if (IsPowerOfTen(count))
            {
                LogUnknown(Number, name, count); // a host that asks in a loop must not drown the log
            }

            run.Error();
            return;
        }

        if (invocation.Form == AtForm.Test && command.OnTest is { } test)
        {
            test(run);
            return;
        }

        if (invocation.Form == AtForm.Test)
        {
            run.Info(command.TestAnswer());
            run.Ok();
            return;
        }

        if (command.NeedsSim && SimCommands.Obstacle(Sim) is { } obstacle)
        {
            run.CmeError(obstacle);
            return;
        }

        Action<CommandRun>? handler = invocation.Form switch
        {
            AtForm.Execute => ShowGiven(command) ?? command.OnExecute,
            AtForm.Read => ShowGiven(command) ?? command.OnRead,
            _ => FindWrite(run, command),
        };
        if (run.HasEnded)
        {
            return;
        }

        if (handler is null)
        {
            run.Error();
            return;
        }

        handler(run);
    }

    private Action<CommandRun>? FindWrite(CommandRun run, AtCommandDefinition command)
    {
        AtArgument[]? arguments = AtArgument.ReadAll(run.Invocation.Parameters);
        AtWriteShape? shape = arguments is null ? null : command.Writes.FirstOrDefault(write => write.Takes(arguments.Length));
        ArgumentFault? fault = shape is null ? ArgumentFault.Malformed : shape.Check(arguments);
        run.Arguments = arguments ?? [];
        if (fault is null)
        {
            _shown.Remove(command.Name);
            return shape!.Run;
        }

        if (command.OnFault is not null && fault != ArgumentFault.Malformed)
        {
            command.OnFault(run, fault.Value);
        }
        else
        {
            run.Error();
        }

        return null;
    }

    private static bool IsPowerOfTen(int count)
    {
        while (count >= 10 && count % 10 == 0)
        {
            count /= 10;
        }

        return count == 1;
    }

    private void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    private void Write(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    private void Flush()
    {
        if (_output.Count == 0 || Faults.IsFrozen)
        {
            return;
        }

        LineBytes bytes = _output.Take();
        _bytesPrinted += bytes.Length;
        KeepAwake();
        Faults.Line.Print(bytes);
        Lint?.Flushed();
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Debug, Message = "Modem {Number}: AT{Name} ({Form})")]
    private partial void LogCommand(int number, string name, AtForm form);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "Modem {Number}: unknown command AT{Name}, {Count} times so far")]
    private partial void LogUnknown(int number, string name, int count);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "Modem {Number}: bytes are being lost, the host sends them while a command is running")]
    private partial void LogOverrun(int number);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Error, Message = "Modem {Number}: a command handler failed")]
    private partial void LogFault(Exception error, int number);
}
