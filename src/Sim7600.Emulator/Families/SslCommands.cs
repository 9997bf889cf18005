using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>
/// AT+CSSLCFG: how a TLS connection is made, in ten contexts (AT command manual V3.00, chapter 10; real sessions). A file is
/// named here and looked for when a connection is made.
/// </summary>
internal static class SslCommands
{
    private const string Family = "Ssl";
    private const string Name = "+CSSLCFG";

    /// <summary>Cipher suites that one context takes; the line's own limit comes first. No document says how many (inferred).</summary>
    private const int MaximumSuites = 16;

    private static readonly AtParameterDefinition Context = Number("ssl_ctx_index", 0, CmqttLimits.SslContexts - 1);
    private static readonly AtParameterDefinition Switch = Number("value", 0, 1) with { TestText = "(0,1)" };
    private static readonly AtParameterDefinition FileName = Text("file", CertificateStore.MinimumName, CertificateStore.MaximumName);
    private static readonly AtParameterDefinition Suite = Number("ciphersuite", 0, 0xFFFF) with { MayBeHexadecimal = true };

    private static readonly Key[] Keys =
    [
        new("sslversion", Number("value", 0, 4), (context, value) => context.Version = (int)value.Number),
        new("authmode", Number("value", 0, 3), (context, value) => context.AuthenticationMode = (int)value.Number),
        new("ignorelocaltime", Switch, (context, value) => context.IgnoresLocalTime = value.Number == 1),
        new("negotiatetime", Number("value", 10, 300), (context, value) => context.NegotiationSeconds = (int)value.Number),
        new("cacert", FileName, (context, value) => context.Authority = value.Text),
        new("clientcert", FileName, (context, value) => context.ClientCertificate = value.Text),
        new("clientkey", FileName, (context, value) => context.ClientKey = value.Text),
        new("enableSNI", Switch, (context, value) => context.SendsServerName = value.Number == 1) { IsNewer = true },
        new("keypwd", Text("password", 0, 128), (context, value) => context.KeyPassword = value.Text) { IsNewer = true },
    ];

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        bool newer = modem.Profile.HasSni;
        Key[] keys = [.. Keys.Where(key => newer || !key.IsNewer)];
        AtCommandDefinition command = table.Add(Family, Name)
            .Read(run =>
            {
                run.Info(modem.SslContexts.Select((context, index) => $"{Name}: {index},{context.Show(newer)}"));
                run.Ok();
            })
            .Write(
                run => GeneralCommands.Show(run, $"{Name}: {run.Number(0)},{modem.SslContexts[run.Number(0)].Show(newer)}"),
                Context)
            .Write(run => Set(run, modem.SslContexts[run.Number(1)], keys, newer), Text("key", 1, 32), Context, Anything("value"));
        _ = newer ? command.Write(run => SetSuites(run, modem.SslContexts[run.Number(1)]), SuiteList()) : command;
        command
            .Hides(2, unless: IsOpenKey, inAnswer: 8)
            .Test([.. keys.Select(key => $"{Name}: \"{key.Name}\",{Context.RangeText},{key.Value.RangeText}"),
                .. newer ? [$"{Name}: \"ciphersuites\",{Context.RangeText},(0x0000-0xFFFF)"] : Array.Empty<string>()])
            .From("manual V3.00 chapter 10; SIM7600G-H log of the read form; the test form is inferred", Evidence.Confirmed);
    }

    /// <summary>A value whose kind and range depend on the key before it.</summary>
    private static AtParameterDefinition Anything(string name) => Text(name, 0, AtLimits.CommandLine);

    /// <summary>The shape of <c>"ciphersuites",ctx,0x2F,0x3C,…</c>: more than one suite behind commas.</summary>
    private static AtParameterDefinition[] SuiteList() =>
        [Text("key", 1, 32), Context, Suite, Suite, .. Enumerable.Repeat(Suite.Optional, MaximumSuites - 2)];

    private static void Set(CommandRun run, SslContext context, Key[] keys, bool newer)
    {
        AtArgument value = run.Arguments[2];
        if (newer && IsSuites(run))
        {
            // One number, or a list that stands in quotes because of its commas.
            AtArgument[]? suites = value.Kind == AtParameterKind.Text ? AtArgument.ReadAll(value.Bytes) : [value];
            Take(run, context, suites);
            return;
        }

        Key? key = Array.Find(keys, each => each.Name.Equals(run.Text(0), StringComparison.OrdinalIgnoreCase));
        if (key is null || !key.Takes(value))
        {
            run.Error();
            return;
        }

        key.Set(context, value);
        run.Ok();
    }

    private static void SetSuites(CommandRun run, SslContext context)
    {
        if (IsSuites(run))
        {
            Take(run, context, [.. run.Arguments.Skip(2)]);
        }
        else
        {
            run.Error();
        }
    }

    private static void Take(CommandRun run, SslContext context, AtArgument[]? suites)
    {
        if (suites is not { Length: > 0 and <= MaximumSuites } || suites.Any(suite => suite.Kind != AtParameterKind.Number || !Suite.Allows(suite.Number)))
        {
            run.Error();
            return;
        }

        context.CipherSuites = [.. suites.Select(suite => (int)suite.Number)];
        run.Ok();
    }

    /// <summary>True for a key whose value is no secret; one that nobody knows may be a misspelt <c>keypwd</c>.</summary>
    private static bool IsOpenKey(string name) => name.Equals("ciphersuites", StringComparison.OrdinalIgnoreCase)
        || Keys.Any(key => key.Name != "keypwd" && key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsSuites(CommandRun run) => run.Text(0).Equals("ciphersuites", StringComparison.OrdinalIgnoreCase);

    /// <summary>One key of the command: what its value may be, and what it sets.</summary>
    private sealed record Key(string Name, AtParameterDefinition Value, Action<SslContext, AtArgument> Set)
    {
        /// <summary>True for keys that firmware of 2018 does not know.</summary>
        public bool IsNewer { get; init; }

        /// <summary>True when the value fits; an empty file name takes the file out again (inferred).</summary>
        public bool Takes(AtArgument value) =>
            Value == FileName
                ? value.Bytes.Length == 0 || (new AtWriteShape([Value], _ => { }).Check([value]) is null && CertificateStore.IsName(value.Text))
                : new AtWriteShape([Value], _ => { }).Check([value]) is null;
    }
}
