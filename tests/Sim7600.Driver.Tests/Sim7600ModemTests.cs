using Sim7600.Conversations;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;

namespace Sim7600.Driver.Tests;

/// <summary>Finding a modem, and what its features make of real answers.</summary>
[CancelAfter(60_000)]
public sealed class Sim7600ModemTests
{
    private readonly ScriptedModem _peer = new();
    private readonly ScriptedTime _time = new();
    private readonly Sim7600ModemOptions _options;

    public Sim7600ModemTests() => _options = new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = _time } };

    [TearDown]
    public async Task Close() => await _peer.DisposeAsync();

    [Test]
    public async Task A_modem_that_answers_is_set_up()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await _peer.Answers("AT\r", "AT\r\r\nOK\r\n");
        await SetsUp(echo: true);

        await using Sim7600Modem modem = await opening;
        _peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Echo_that_was_on_is_on_again_after_closing()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await _peer.Answers("AT\r", "AT\r\r\nOK\r\n");
        await SetsUp(echo: true);
        Task closing = (await opening).DisposeAsync().AsTask();
        await _peer.Answers("ATE1\r", "\r\nOK\r\n");
        await closing;
        _peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Closing_does_not_wait_for_a_modem_that_is_silent()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await _peer.Answers("AT\r", "AT\r\r\nOK\r\n");
        await SetsUp(echo: true);
        await (await opening).DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(_peer.Host.Lost.IsCompleted);
    }

    [Test]
    public async Task Junk_in_the_line_buffer_costs_one_error()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await _peer.Answers("AT\r", "\r\nERROR\r\n");
        await _peer.Answers("AT\r", "\r\nOK\r\n");
        await SetsUp();

        await using Sim7600Modem modem = await opening;
    }

    [Test]
    public async Task A_modem_that_boots_is_waited_for()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await IsSilentFor("AT\r");
        await IsSilentFor("AT\r");
        await IsSilentFor("ATQ0V1\r");
        await _peer.Expects(new string('\r', 1024));
        await _peer.Expects("AT\r");
        await _peer.Says("\r\nRDY\r\n\r\n+CPIN: READY\r\n");
        await _time.Passes(_options.Channel.SynchroniseAttempt);
        await _peer.Answers("AT\r", "AT\r\r\nOK\r\n");
        await SetsUp(echo: true);

        await using Sim7600Modem modem = await opening;
    }

    [Test]
    public async Task A_modem_that_a_crashed_host_left_at_a_data_prompt_is_filled_with_blanks()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await IsSilentFor("AT\r");
        await IsSilentFor("AT\r");
        await IsSilentFor("ATQ0V1\r");
        await _peer.Expects(new string('\r', 1024));
        await IsSilentFor("AT\r");
        await IsSilentFor("AT\r");
        await IsSilentFor("ATQ0V1\r");
        await _peer.Answers(new string('\r', 10_240), "\r\nOK\r\n");
        await _peer.Answers("AT\r", "\r\nOK\r\n");
        await SetsUp();

        await using Sim7600Modem modem = await opening;
    }

    [Test]
    public async Task A_modem_that_answers_in_digits_is_told_to_use_words()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await _peer.Answers("AT\r", "AT\r0\r");
        await _peer.Answers("ATV1\r", "ATV1\r\r\nOK\r\n");
        await SetsUp(echo: true);

        await using Sim7600Modem modem = await opening;
    }

    [Test]
    public async Task Silence_is_reported_with_what_to_try_and_the_link_is_closed()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await _peer.Expects("AT\r");
        await _time.Awaits(_options.Channel.SynchroniseAttempt);
        _time.Advance(_options.ProbeTimeout);

        ModemNotRespondingException error = (await Assert.ThrowsAsync<ModemNotRespondingException>(() => opening))!;
        Assert.That(error.Message, Does.Contain("scripted").And.Contain("20 s").And.Contain("AT port").And.Contain("baud rate"));
        Assert.That(_peer.Host.Lost.IsCompleted);
    }

    [Test]
    public async Task Opening_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options, cancel.Token);
        await _peer.Expects("AT\r");
        await cancel.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => opening);
        Assert.That(_peer.Host.Lost.IsCompleted);
    }

    [Test]
    public async Task A_line_that_is_lost_while_opening_is_said_so()
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, _options);
        await _peer.Expects("AT\r");
        await _peer.Unplug();

        Assert.That((await Assert.ThrowsAsync<AtChannelClosedException>(() => opening))!.Reason, Is.EqualTo("the device was unplugged"));
    }

    [Test]
    public async Task Identity_is_read_with_and_without_prefixes()
    {
        await using Sim7600Modem modem = await Opened();
        Task<ModemIdentity> identity = modem.Identity.ReadAsync();
        await _peer.Answers("AT+CGMI\r", "\r\nSIMCOM INCORPORATED\r\n\r\nOK\r\n");
        await _peer.Answers("AT+CGMM\r", "\r\nSIMCOM_SIM7600G-H\r\n\r\nOK\r\n");
        await _peer.Answers("AT+CGMR\r", "\r\n+CGMR: LE20B04SIM7600G22\r\n\r\nOK\r\n");
        await _peer.Answers("AT+CGSN\r", "\r\n860000000000001\r\n\r\nOK\r\n");

        Assert.That(await identity, Is.EqualTo(new ModemIdentity("SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", "LE20B04SIM7600G22", "860000000000001")));
    }

    [TestCase("\r\n+CPIN: READY\r\n\r\nOK\r\n", SimState.Ready)]
    [TestCase("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", SimState.PinRequired)]
    [TestCase("\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n", SimState.PukRequired)]
    [TestCase("\r\n+CPIN: PH-NET PIN\r\n\r\nOK\r\n", SimState.Locked)]
    [TestCase("\r\n+CME ERROR: SIM busy\r\n\r\n+CPIN: READY\r\n", SimState.Busy)]
    [TestCase("\r\n+CME ERROR: SIM not inserted\r\n", SimState.Absent)]
    [TestCase("\r\n+CME ERROR: 13\r\n", SimState.Failed)]
    public async Task The_sim_s_state_is_read(string answer, SimState state)
    {
        await using Sim7600Modem modem = await Opened();
        Task<SimState> reading = modem.Sim.StateAsync();
        await _peer.Answers("AT+CPIN?\r", answer);

        Assert.That(await reading, Is.EqualTo(state));
    }

    [Test]
    public async Task A_wrong_pin_is_refused_without_being_shown()
    {
        using var log = new RecordedLog();
        await using Sim7600Modem modem = await Opened(_options with { Channel = _options.Channel with { LoggerFactory = log } });
        Task entering = modem.Sim.EnterPinAsync("4711");
        await _peer.Answers("AT+CPIN=\"4711\"\r", "AT+CPIN=\"4711\"\r\r\n+CME ERROR: incorrect password\r\n");

        AtErrorException error = (await Assert.ThrowsAsync<AtErrorException>(() => entering))!;
        Assert.That(error.Number, Is.EqualTo(16));
        Assert.That(error.ToString() + log.Text, Does.Not.Contain("4711"));
        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => modem.Sim.EnterPinAsync("47x1")))!.Message, Does.Not.Contain("47x1"));
        _peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Sim_numbers_are_read()
    {
        await using Sim7600Modem modem = await Opened();
        Task<string> imsi = modem.Sim.ImsiAsync();
        await _peer.Answers("AT+CIMI\r", "\r\n460110000000001\r\n\r\nOK\r\n");
        Assert.That(await imsi, Is.EqualTo("460110000000001"));
        Task<string> iccid = modem.Sim.IccidAsync();
        await _peer.Answers("AT+CICCID\r", "\r\n+ICCID: 89860000000000000001\r\n\r\nOK\r\n");
        Assert.That(await iccid, Is.EqualTo("89860000000000000001"));
    }

    [TestCase("+CSQ: 29,99", -55, null)]
    [TestCase("+CSQ: 0,0", -113, 0)]
    [TestCase("+CSQ: 99,99", null, null)]
    public async Task Signal_is_read_in_dbm(string line, int? dbm, int? errors)
    {
        await using Sim7600Modem modem = await Opened();
        Task<SignalQuality> reading = modem.Network.SignalAsync();
        await _peer.Answers("AT+CSQ\r", $"\r\n{line}\r\n\r\nOK\r\n");

        Assert.That((await reading).Dbm, Is.EqualTo(dbm));
        Assert.That((await reading).BitErrorRate, Is.EqualTo(errors));
    }

    [TestCase("+COPS: 0,0,\"  congstar\",7", "congstar", 7)]
    [TestCase("+COPS: 0,2,\"46011\"", "46011", null)]
    [TestCase("+COPS: 0", null, null)]
    [TestCase("+COPS: 2", null, null)]
    public async Task The_operator_is_read(string line, string? name, int? technology)
    {
        await using Sim7600Modem modem = await Opened();
        Task<NetworkOperator?> reading = modem.Network.OperatorAsync();
        await _peer.Answers("AT+COPS?\r", $"\r\n{line}\r\n\r\nOK\r\n");

        Assert.That(await reading, Is.EqualTo(name is null ? null : new NetworkOperator(name, technology)));
    }

    [Test]
    public async Task The_cell_is_read()
    {
        await using Sim7600Modem modem = await Opened();
        Task<SystemInformation> reading = modem.Network.SystemInformationAsync();
        await _peer.Answers("AT+CPSI?\r", "\r\n+CPSI: LTE,Online,460-11,0x775C,117004585,237,EUTRAN-BAND1,100,5,5,-84,-822,-549,13\r\n\r\nOK\r\n");
        SystemInformation cell = await reading;
        Assert.Multiple(() =>
        {
            Assert.That(cell.HasService);
            Assert.That(cell.Network, Is.EqualTo("460-11"));
            Assert.That(cell.Band, Is.EqualTo("EUTRAN-BAND1"));
            Assert.That(cell.ReferenceSignalPowerDbm, Is.EqualTo(-82.2));
        });

        reading = modem.Network.SystemInformationAsync();
        await _peer.Answers("AT+CPSI?\r", "\r\n+CPSI: NO SERVICE,Online\r\n\r\nOK\r\n");
        Assert.That((await reading).HasService, Is.False);
    }

    [Test]
    public async Task An_answer_that_cannot_be_is_not_taken_and_the_channel_gets_in_step()
    {
        await using Sim7600Modem modem = await Opened();
        Task<SignalQuality> reading = modem.Network.SignalAsync();
        await _peer.Answers("AT+CSQ\r", "\r\nOK\r\n");
        await Assert.ThrowsAsync<AtUnexpectedAnswerException>(() => reading);

        reading = modem.Network.SignalAsync();
        await GetsInStep();
        await _peer.Answers("AT+CSQ\r", "\r\n+CSQ: 29,99\r\n\r\nOK\r\n");
        await reading;
    }

    [Test]
    public async Task Registration_is_waited_for_and_a_urc_shortens_the_wait()
    {
        await using Sim7600Modem modem = await Opened();
        Task<NetworkRegistration> waiting = modem.Network.WaitForRegistrationAsync();
        await IsRegistered(2, 2, 2);
        await _peer.Answers("AT+CGREG=1\r", "\r\nOK\r\n");
        await _peer.Answers("AT+CEREG=1\r", "\r\nERROR\r\n");
        await IsRegistered(2, 2, 2);
        await _time.Passes(_options.RegistrationPollInterval);
        await IsRegistered(2, 2, 2);
        await _time.Awaits(_options.RegistrationPollInterval);
        await _peer.Says("\r\n+CGREG: 5\r\n");
        await IsRegistered(5, 5, 5);

        Assert.That((await waiting).IsRoaming);
    }

    [TestCase("+CPIN: READY\r\n\r\nOK", SimState.Ready, "SIM is active")]
    [TestCase("+CPIN: SIM PIN\r\n\r\nOK", SimState.PinRequired, "EnterPinAsync")]
    [TestCase("+CME ERROR: SIM not inserted", SimState.Absent, "insert one")]
    [TestCase("ERROR", SimState.Unknown, "SIM is active")]
    public async Task A_modem_that_never_registers_says_why_it_may_be(string card, SimState state, string advice)
    {
        await using Sim7600Modem modem = await Opened();
        Task<NetworkRegistration> waiting = modem.Network.WaitForRegistrationAsync();
        await IsRegistered(3, 3, 0);
        await _peer.Answers("AT+CGREG=1\r", "\r\nOK\r\n");
        await _peer.Answers("AT+CEREG=1\r", "\r\nOK\r\n");
        await IsRegistered(3, 3, 0);
        await _time.Awaits(_options.RegistrationPollInterval);
        _time.Advance(_options.RegistrationTimeout);
        await IsRegistered(3, 3, 0);
        await _peer.Answers("AT+CSQ\r", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
        await _peer.Answers("AT+CPIN?\r", $"\r\n{card}\r\n");

        RegistrationTimeoutException error = (await Assert.ThrowsAsync<RegistrationTimeoutException>(() => waiting))!;
        Assert.That(error.Message, Does.Contain("Denied").And.Contain("-73 dBm").And.Contain(advice));
        Assert.That(error.Sim, Is.EqualTo(state));
    }

    [Test]
    public async Task A_registration_command_that_this_firmware_lacks_is_unknown()
    {
        await using Sim7600Modem modem = await Opened();
        Task<NetworkRegistration> reading = modem.Network.RegistrationAsync();
        await _peer.Answers("AT+CREG?\r", "\r\n+CREG: 2,1,\"775C\",\"6F9\"\r\n\r\nOK\r\n");
        await _peer.Answers("AT+CGREG?\r", "\r\n+CGREG: 0,1\r\n\r\nOK\r\n");
        await _peer.Answers("AT+CEREG?\r", "\r\nERROR\r\n");

        Assert.That(await reading, Is.EqualTo(new NetworkRegistration(RegistrationStatus.Home, RegistrationStatus.Home, RegistrationStatus.Unknown)));
    }

    [Test]
    public async Task A_lost_line_is_told()
    {
        await using Sim7600Modem modem = await Opened();
        await _peer.Unplug();

        Assert.That((await modem.Lost).Reason, Is.EqualTo("the device was unplugged"));
    }

    private async Task<Sim7600Modem> Opened(Sim7600ModemOptions? options = null)
    {
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(_peer.Host, options ?? _options);
        await _peer.Answers("AT\r", "\r\nOK\r\n");
        await SetsUp();
        return await opening;
    }

    private async Task SetsUp(bool echo = false)
    {
        await GetsInStep(echo);
        await _peer.Answers("ATE0\r", (echo ? "ATE0\r" : "") + "\r\nOK\r\n");
        await _peer.Answers("AT+CMEE=2\r", "\r\nOK\r\n");
    }

    private async Task GetsInStep(bool echo = false)
    {
        for (int round = 0; round < 2; round++)
        {
            await _time.PassesUntil(_options.Channel.QuietTime, () => _peer.HasHeardSomething);
            await _peer.Answers("AT+CMEE?\r", (echo ? "AT+CMEE?\r" : "") + "\r\n+CMEE: 2\r\n\r\nOK\r\n");
        }
    }

    private async Task IsSilentFor(string command)
    {
        await _peer.Expects(command);
        await _time.Passes(_options.Channel.SynchroniseAttempt);
    }

    private async Task IsRegistered(int circuit, int packet, int lte)
    {
        await _peer.Answers("AT+CREG?\r", $"\r\n+CREG: 0,{circuit}\r\n\r\nOK\r\n");
        await _peer.Answers("AT+CGREG?\r", $"\r\n+CGREG: 0,{packet}\r\n\r\nOK\r\n");
        await _peer.Answers("AT+CEREG?\r", $"\r\n+CEREG: 0,{lte}\r\n\r\nOK\r\n");
    }
}
