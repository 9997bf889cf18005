using System.Globalization;

namespace Sim7600.Emulator;

/// <summary>The knobs of a profile in the order in which they are shown, with what shows their default values.</summary>
internal sealed record KnobTable(string Name, Func<FirmwareProfile, object> Read, string Meaning, string Evidence)
{
    public static IReadOnlyList<KnobTable> All { get; } =
    [
        new(
            nameof(FirmwareProfile.StartOrder),
            profile => profile.StartOrder,
            "order of +CMQTTSTART: 0 and OK",
            "result first in the raw logs of SIM7600EI (001, 002), E, G, G-H (015); OK first only in examples of the manual"),
        new(
            nameof(FirmwareProfile.StartFailure),
            profile => (int)profile.StartFailure,
            "code of START without packet data",
            "inferred from the manual's code list: 7, network open failed; 1 was seen on a module that is not named (070)"),
        new(
            nameof(FirmwareProfile.StopOrder),
            profile => profile.StopOrder,
            "order of +CMQTTSTOP: 0 and OK",
            "result first in the one raw log of a SIM7600G-H; OK first in examples of the manual"),
        new(
            nameof(FirmwareProfile.DisconnectOrder),
            profile => profile.DisconnectOrder,
            "order of +CMQTTDISC: i,0 and OK",
            "manual V3.00 16.2 allows both and shows OK first; no raw log of a SIM7600 is known"),
        new(
            nameof(FirmwareProfile.FailedOperationEndsInError),
            profile => profile.FailedOperationEndsInError,
            "a failed CONNECT, PUB or SUB shows its result line, then ERROR, without OK",
            "OK first in the raw logs 001 and 007 (SIM7600EI); ERROR at the end only in lines that were quoted (046)"),
        new(
            nameof(FirmwareProfile.ReleaseOfFreeClientIsOk),
            profile => profile.ReleaseOfFreeClientIsOk,
            "REL of a client that is not acquired answers OK instead of 20",
            "raw log 016 (SIM7600G); siblings answer 20 (038, 053)"),
        new(
            nameof(FirmwareProfile.SecondAcquireIsBareError),
            profile => profile.SecondAcquireIsBareError,
            "ACCQ of an acquired client answers ERROR alone instead of 19",
            "19 in the code of fielded SIM7600 clients (050, 065, 144); siblings answer ERROR alone (040, 068)"),
        new(
            nameof(FirmwareProfile.StopWithClientHeld),
            profile => (int)profile.StopWithClientHeld,
            "code of STOP while a client is acquired",
            "21 on a SIM7600E (099) and in the manual's table; 19 on a SIM7670G (040)"),
        new(
            nameof(FirmwareProfile.StopPrintsNoNet),
            profile => profile.StopPrintsNoNet,
            "STOP prints +CMQTTNONET",
            "absent in the raw logs; one SIM7600E driver waits for it"),
        new(
            nameof(FirmwareProfile.HasSubscribeTopic),
            profile => profile.HasSubscribeTopic,
            "AT+CMQTTSUBTOPIC exists",
            "works in the raw log 007 (SIM7600EI) and in the manual; a SIM7670G answers ERROR (116)"),
        new(
            nameof(FirmwareProfile.RetainedBeforeSubscribeResult),
            profile => profile.RetainedBeforeSubscribeResult,
            "a retained message is printed before +CMQTTSUB",
            "after it in the capture 043 (SIM7600 family); before it on siblings (042, 068)"),
        new(
            nameof(FirmwareProfile.StrayOkAfterLostSubscribe),
            profile => profile.StrayOkAfterLostSubscribe,
            "one more OK after a SUB that ended in a lost connection",
            "one raw log of a SIM7600EI shows it, no other does"),
        new(
            nameof(FirmwareProfile.BlankLineAfterReceiveStart),
            profile => profile.BlankLineAfterReceiveStart,
            "an empty line after +CMQTTRXSTART",
            "two captures of the SIM7600 family (043 and another); an A7680C has none (143, by byte count)"),
        new(
            nameof(FirmwareProfile.EchoesPromptData),
            profile => profile.EchoesPromptData,
            "with echo on, data typed at > is echoed",
            "two SIM7600 logs (015); not on siblings (038)"),
        new(
            nameof(FirmwareProfile.PromptHasTrailingBlank),
            profile => profile.PromptHasTrailingBlank,
            "a blank after > of counted data",
            "absent in every log of a real unit (015, 052); the manual prints one in places"),
        new(
            nameof(FirmwareProfile.UnconnectedShowsEmptyAddress),
            profile => profile.UnconnectedShowsEmptyAddress,
            "CONNECT? shows an unconnected client as 0,\"\"",
            "the bare index in 069 (SIM7600 family) and in the manual; an A7672 shows 0,\"\" (068)"),
        new(nameof(FirmwareProfile.MaximumClientId), profile => profile.MaximumClientId, "longest client id, bytes", "128 in the manual of 2021; 23 in that of 2018"),
        new(nameof(FirmwareProfile.MaximumWillMessage), profile => profile.MaximumWillMessage, "longest will message, bytes", "1024 in the manual of 2021; 10240 in that of 2018"),
        new(
            nameof(FirmwareProfile.HasMqttVersionParameter),
            profile => profile.HasMqttVersionParameter,
            "ACCQ takes the MQTT version",
            "manual of 2021 and one log of a SIM7600G-H; absent in the manual of 2018"),
        new(
            nameof(FirmwareProfile.DefaultMqttVersion),
            profile => profile.DefaultMqttVersion,
            "MQTT version of a client acquired without one (4 is 3.1.1)",
            "inferred: no source for the SIM7600; A76XX documents say 3"),
        new(nameof(FirmwareProfile.HasOperationTimeout), profile => profile.HasOperationTimeout, "CMQTTCFG knows optimeout", "manual of 2021; absent in that of 2018"),
        new(nameof(FirmwareProfile.KeepAliveMinimum), profile => profile.KeepAliveMinimum, "shortest keep-alive, seconds", "1 in the manual of 2021; 60 in that of 2018"),
        new(
            nameof(FirmwareProfile.PublishTimeoutMinimum),
            profile => profile.PublishTimeoutMinimum,
            "shortest pub_timeout, seconds",
            "60 in the manuals; a fielded SIM7600 driver sends 1 and is accepted"),
        new(nameof(FirmwareProfile.ReceivePiece), profile => profile.ReceivePiece, "largest piece of a received payload, bytes", "manual V3.00 16.3 and the logs 044, 045"),
        new(nameof(FirmwareProfile.HasSni), profile => profile.HasSni, "CSSLCFG knows enableSNI, keypwd and ciphersuites", "manual of 2021 and log 022 (SIM7600G-H); absent in the manual of 2018"),
        new(
            nameof(FirmwareProfile.VerifiesHostName),
            profile => profile.VerifiesHostName,
            "authmode 1 and 2 also check the name in the server's certificate",
            "inferred: no source says whether the name is checked; a certificate that passes here passes either way"),
        new(
            nameof(FirmwareProfile.HasTls13),
            profile => profile.HasTls13,
            "TLS 1.3 is offered with sslversion 4",
            "inferred: the list of versions in the manuals ends at TLS 1.2"),
        new(
            nameof(FirmwareProfile.TerminalReady),
            profile => profile.TerminalReady,
            "AT&D from the factory",
            "0 in the dump of a SIM7600EI (013), 2 in that of a SIM7600G-H (114), 1 in the manual"),
        new(
            nameof(FirmwareProfile.MobileErrors),
            profile => profile.MobileErrors,
            "AT+CMEE from the factory",
            "2 in dumps of real units (013, 114); the manual's factory table says 1"),
        new(
            nameof(FirmwareProfile.HttpTermWithoutSessionIsOk),
            profile => profile.HttpTermWithoutSessionIsOk,
            "HTTPTERM without a session answers OK instead of ERROR",
            "two logs of SIM7600 (031, 111); firmware LE11B14 answers ERROR (113)"),
        new(
            nameof(FirmwareProfile.ChttpsResultHasBlank),
            profile => profile.ChttpsResultHasBlank,
            "+CHTTPSOPSE: 0 with a blank instead of +CHTTPSOPSE:0",
            "without a blank on a SIM7600CE (060) and, as its owner reports, a SIM7600E; with one in the manual and in one client of a SIM7600CE"),
        new(
            nameof(FirmwareProfile.HttpReadNamesData),
            profile => profile.HttpReadNamesData,
            "HTTPREAD shows DATA,n instead of n",
            "HTTP(S) application note V3.00 (135, 136) and a fielded SIM7600 client (089); modules that are not named show n (090, 091)"),
        new(
            nameof(FirmwareProfile.StartsInTextMode),
            profile => profile.StartsInTextMode,
            "AT+CMGF is 1 after a boot",
            "0 in the manual; a unit with saved settings shows 1 (013)"),
        new(nameof(FirmwareProfile.BootBanner), profile => profile.BootBanner, "first line of a boot", "RDY in every SIM7600 boot (002, 015, 075); *ATREADY: 1 on siblings (119)"),
    ];

    public ProfileKnob Of(FirmwareProfile profile) => new(
        Name,
        Convert.ToString(Read(profile), CultureInfo.InvariantCulture)!,
        Meaning,
        profile.Evidence.GetValueOrDefault(Name, Evidence));
}
