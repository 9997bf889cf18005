namespace Sim7600.Emulator.Lint;

/// <summary>The rules of the linter. Each finds only what is certain; what could have a good reason is not looked for.</summary>
public static class LintRules
{
    /// <summary>Counted data before the prompt.</summary>
    public static LintRule DataBeforePrompt { get; } = new(
        "data-before-prompt",
        "Counted data was sent before the modem's prompt",
        LintSeverity.Error,
        "The modem takes bytes as data only once it has printed '>'. When it refuses the command instead, or is slow, they are a command line that nobody meant, or are lost.",
        "Send the command, wait for CR LF '>' (or ERROR), and only then send the data.",
        "AT command manual V3.00, 16.2.10 and others; real sessions: data sent after a refused CIPSEND was taken for a command and gave a second ERROR");

    /// <summary>Announced and sent bytes differ.</summary>
    public static LintRule WrongLength { get; } = new(
        "wrong-length",
        "The announced length and the bytes that came differ",
        LintSeverity.Error,
        "The modem counts bytes and looks at nothing else: too few, and it waits in silence and takes the next commands for data; too many, and the rest becomes a broken command line.",
        "Announce the number of bytes that follow '>', in bytes and not in characters, without a line end unless it is sent and meant; a line end after the data is harmless.",
        "AT command manual V3.00, 16.2.10 and others: exactly req_length bytes are taken; drivers in the field that send the next command into the data");

    /// <summary>The next command came too early.</summary>
    public static LintRule CommandBeforeFinalResult { get; } = new(
        "command-before-final-result",
        "The next command was sent before the final result of the last one",
        LintSeverity.Error,
        "The modem takes one command at a time. What comes before OK or ERROR may be lost, may end the running command, or makes every answer look like the one of another command.",
        "Read until OK, ERROR, +CME ERROR or +CMS ERROR (or the prompt), with a time-out of the command's own. After a time-out, get in step again with AT before anything else.",
        "AT command manual V3.00, chapter 1, and V.250: the next command only after the final result");

    /// <summary>The next MQTT command came before the result line.</summary>
    public static LintRule CommandBeforeResultLine { get; } = new(
        "command-before-result-line",
        "OK was taken for the outcome: another MQTT command was sent before the +CMQTT result line",
        LintSeverity.Error,
        "OK only says that the operation has begun. Until its result line the client is busy: commands are refused with 14, and a DISC may throw away the message under way. On a mobile network that takes seconds.",
        "Wait for the final result and the result line, in either order; the code behind the index in the result line is the outcome, 0 is success.",
        "AT command manual V3.00, 16.2.8 to 16.2.16; code 14 in real sessions on SUBTOPIC, TOPIC, PUB and REL until the last operation had ended");

    /// <summary>A failure was taken for success.</summary>
    public static LintRule ResultIgnored { get; } = new(
        "result-ignored",
        "After a failed command the firmware went on as after a success",
        LintSeverity.Error,
        "What follows works on nothing: a payload without a topic, a message without a connection. The data is lost while the firmware believes that it was sent.",
        "Look at ERROR, +CME ERROR and every code but 0. Good exceptions: 23 after START, 19 after ACCQ and 13 after CONNECT mean that it is done already; 14 means wait and repeat.",
        "Result codes of AT command manual V3.00, 16.3.1; real sessions with failed CONNECT (26, 32), refused SUBTOPIC (12), PUB (6)");

    /// <summary>Starting again over what is still there.</summary>
    public static LintRule NoCleanupOnErrorPath { get; } = new(
        "no-cleanup-on-error-path",
        "After a failure it was connected again without ending the connection that was still there",
        LintSeverity.Warning,
        "What is not ended stays: START answers 23, ACCQ 19 and CONNECT 13, which look like a new start while the connection that failed, perhaps half open, is kept with all its caches.",
        "On the error path send DISC, REL and STOP, each whatever the one before answered, then START. After +CMQTTCONNLOST the connection is gone, and CONNECT is enough.",
        "AT command manual V3.00, 16.3.3: after +CMQTTPING disconnect, then connect; real sessions: 23, 19 and 13 for what is there already, and DISC, REL, STOP as the cure in the field");

    /// <summary>Nothing was done about a loss.</summary>
    public static LintRule NoRecovery { get; } = new(
        "no-recovery",
        "A loss that the modem told was not looked at, or not to the end",
        LintSeverity.Error,
        "The modem never connects again by itself. After +CMQTTCONNLOST, +CMQTTPING, +CMQTTNONET or RDY everything that is published is refused or lost, and no message arrives any more.",
        "After +CMQTTCONNLOST send CONNECT, after +CMQTTPING DISC and CONNECT, after +CMQTTNONET START and all that follows; after RDY begin from the start. Try again when that fails. Subscribe again each time, at least with clean_session 1: with 0 the broker may have kept the subscriptions.",
        "AT command manual V3.00, 16.3.3 (unsolicited result codes); real sessions: after +CMQTTCONNLOST every TOPIC and SUB answers 11");

    /// <summary>Commands before the modem was there.</summary>
    public static LintRule CommandsBeforeReady { get; } = new(
        "commands-before-ready",
        "Commands were sent before the modem had started",
        LintSeverity.Error,
        "For ten seconds and more after power-on the modem is deaf, what is sent then is lost and not kept; after that the SIM card is busy for a while.",
        "Send AT about once a second until OK comes, or wait for RDY; then wait for +CPIN: READY (or ask AT+CPIN?) before commands that need the network.",
        "AT command manual V3.00, chapter 1; real sessions: silence for 10 s and more, lost lines, '+CME ERROR: SIM busy' in the first seconds");

    /// <summary>The MQTT service before a registration.</summary>
    public static LintRule MqttBeforeRegistration { get; } = new(
        "mqtt-before-registration",
        "AT+CMQTTSTART was sent though no answer or line had shown a registration since power-on",
        LintSeverity.Warning,
        "Registration took 60 s and more in the field. Before it, START fails; a firmware that never asks is right only where the network was quicker.",
        "Ask AT+CEREG? and AT+CGREG? until one says 1 (home) or 5 (roaming), then START; be ready for START to fail all the same.",
        "Real sessions: registration after 60 s, CSQ good while CGREG is still 2, and a START that failed with 1");

    /// <summary>Secrets where every broker log shows them.</summary>
    public static LintRule SecretInTopic { get; } = new(
        "secret-in-topic",
        "A key, token or password is part of a topic",
        LintSeverity.Warning,
        "Topics are in the logs of brokers, in access lists and in every subscriber's hands; TLS does not change that.",
        "Prove who you are with user, password or certificate of CONNECT, and let topics name things only. Seen are the password of CONNECT and what is written as name=value; a bare token looks like any other word.",
        "MQTT 3.1.1, chapter 5 (security): user name, password and TLS are where credentials belong");

    /// <summary>A command line that the modem cannot hold.</summary>
    public static LintRule CommandLineTooLong { get; } = new(
        "command-line-too-long",
        "A command line is longer than the modem's buffer",
        LintSeverity.Error,
        "The buffer takes 559 characters after AT. Nothing of a longer line runs, and it answers ERROR. Long user names, passwords and addresses of CONNECT come near.",
        "Shorten address, user and password, or split joined commands into lines of their own.",
        "AT command manual V3.00, chapter 1");

    /// <summary>All rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        DataBeforePrompt, WrongLength, CommandBeforeFinalResult, CommandBeforeResultLine, ResultIgnored, NoCleanupOnErrorPath,
        NoRecovery, CommandsBeforeReady, MqttBeforeRegistration, SecretInTopic, CommandLineTooLong,
    ];
}
