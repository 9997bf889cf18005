using Sim7600.Protocol.Results;

namespace Sim7600.Emulator;

/// <summary>The profiles that come with the emulator.</summary>
public static class FirmwareProfiles
{
    /// <summary>What most logs of real SIM7600 units show.</summary>
    public static FirmwareProfile Sim7600 { get; } = new()
    {
        Name = "sim7600",
        Description = "what most logs of real SIM7600 units show",
    };

    /// <summary>SIM7600EI as one owner logged it against a cloud broker.</summary>
    public static FirmwareProfile Sim7600Ei { get; } = Sim7600 with
    {
        Name = "sim7600ei",
        Description = "SIM7600EI, as one long log against a cloud broker shows it",
        Identity = new ModemIdentity { Model = "SIMCOM_SIM7600EI", Revision = "SIM7600M21-A_V1.1", Build = "LE11B14SIM7600M21-A" },
        StrayOkAfterLostSubscribe = true,
        StartsInTextMode = true,
        Evidence = new Dictionary<string, string>
        {
            [nameof(FirmwareProfile.StrayOkAfterLostSubscribe)] = "the SIM7600EI log itself",
            [nameof(FirmwareProfile.StartsInTextMode)] = "the AT&V dump of this unit (013)",
        },
    };

    /// <summary>SIM7600G-H with firmware LE20B04.</summary>
    public static FirmwareProfile Sim7600GhLe20B04 { get; } = Sim7600 with
    {
        Name = "sim7600g-h-le20b04",
        Description = "SIM7600G-H with firmware LE20B04",
        Identity = new ModemIdentity { Model = "SIMCOM_SIM7600G-H", Revision = "SIM7600G_V2.0.2", Build = "LE20B04SIM7600G22" },
        TerminalReady = 2,
        Evidence = new Dictionary<string, string>
        {
            [nameof(FirmwareProfile.TerminalReady)] = "a dump of AT&V of a SIM7600G-H",
        },
    };

    /// <summary>SIM7600CE: the firmware of whose clients counts the bytes of OK before the result line.</summary>
    public static FirmwareProfile Sim7600Ce { get; } = Sim7600 with
    {
        Name = "sim7600ce",
        Description = "SIM7600CE, whose START shows OK first",
        Identity = new ModemIdentity { Model = "SIMCOM_SIM7600CE-T", Revision = "SIM7600M22_V1.1", Build = "LE11B12SIM7600M22" },
        StartOrder = ResultOrder.OkFirst,
        Evidence = new Dictionary<string, string>
        {
            [nameof(FirmwareProfile.StartOrder)] = "log 056 and the byte counts of two SIM7600CE firmwares (24 bytes: OK, then the result)",
        },
    };

    /// <summary>The AT command manual V3.00 to the letter, where real units do otherwise.</summary>
    public static FirmwareProfile ManualV3 { get; } = Sim7600 with
    {
        Name = "manual-v3",
        Description = "the AT command manual V3.00 to the letter",
        StartOrder = ResultOrder.OkFirst,
        StopOrder = ResultOrder.OkFirst,
        FailedOperationEndsInError = true,
        ReleaseOfFreeClientIsOk = false,
        BlankLineAfterReceiveStart = false,
        EchoesPromptData = false,
        PublishTimeoutMinimum = 60,
        MobileErrors = 1,
        ChttpsResultHasBlank = true,
        Evidence = new Dictionary<string, string>
        {
            [nameof(FirmwareProfile.StartOrder)] = "examples of the manual V3.00 16.2.1 and of the application note (062, 063, 064)",
            [nameof(FirmwareProfile.StopOrder)] = "examples of the manual V3.00 16.2.2 and of the application note (062)",
            [nameof(FirmwareProfile.FailedOperationEndsInError)] = "manual V3.00 16.2: a failure may be shown as the result line and ERROR; the other way is allowed too",
            [nameof(FirmwareProfile.ReleaseOfFreeClientIsOk)] = "manual V3.00 16.3.1: code 20, client not acquired",
            [nameof(FirmwareProfile.BlankLineAfterReceiveStart)] = "layout in the manual V3.00 16.3",
            [nameof(FirmwareProfile.EchoesPromptData)] = "inferred: the manual's examples show the typed data once",
            [nameof(FirmwareProfile.PublishTimeoutMinimum)] = "manual V3.00 16.2.12: 60 to 180",
            [nameof(FirmwareProfile.MobileErrors)] = "factory table of the manual V3.00",
            [nameof(FirmwareProfile.ChttpsResultHasBlank)] = "how the manuals print result lines",
        },
    };

    /// <summary>A7670, a sibling with commands of the same name.</summary>
    public static FirmwareProfile A7670 { get; } = Sim7600 with
    {
        Name = "a7670",
        Description = "sibling A7670 (A76XX family), for users who have one",
        Identity = new ModemIdentity { Model = "A7670E-FASE", Revision = "A7670M7_V1.11.1", Build = "A011B07A7670M7_F" },
        StartOrder = ResultOrder.OkFirst,
        StartFailure = CmqttResultCode.Failure,
        StopOrder = ResultOrder.OkFirst,
        ReleaseOfFreeClientIsOk = false,
        SecondAcquireIsBareError = true,
        RetainedBeforeSubscribeResult = true,
        BlankLineAfterReceiveStart = false,
        EchoesPromptData = false,
        UnconnectedShowsEmptyAddress = true,
        HttpReadNamesData = false,
        DefaultMqttVersion = 3,
        BootBanner = "*ATREADY: 1",
        Evidence = new Dictionary<string, string>
        {
            [nameof(FirmwareProfile.HttpReadNamesData)] = "logs 090 and 091, whose module is not named but answers as the A76XX family does",
            [nameof(FirmwareProfile.StartOrder)] = "logs 018, 038, 053, 054 (A76XX)",
            [nameof(FirmwareProfile.StartFailure)] = "log 068 (A7672): OK, then 1",
            [nameof(FirmwareProfile.StopOrder)] = "log 038 (A7670G) and the application note",
            [nameof(FirmwareProfile.ReleaseOfFreeClientIsOk)] = "logs 038, 053 (A76XX): 20",
            [nameof(FirmwareProfile.SecondAcquireIsBareError)] = "log 068 (A7672): ERROR alone",
            [nameof(FirmwareProfile.RetainedBeforeSubscribeResult)] = "log 068 (A7672)",
            [nameof(FirmwareProfile.BlankLineAfterReceiveStart)] = "log 143 (A7680C, 143 bytes counted)",
            [nameof(FirmwareProfile.EchoesPromptData)] = "log 038 (A7670G): the topic is seen once",
            [nameof(FirmwareProfile.UnconnectedShowsEmptyAddress)] = "log 068 (A7672)",
            [nameof(FirmwareProfile.DefaultMqttVersion)] = "A76XX AT manual V1.09",
            [nameof(FirmwareProfile.BootBanner)] = "logs 119, 126 (A7670)",
        },
    };

    /// <summary>SIM7670, a sibling with commands of the same name.</summary>
    public static FirmwareProfile Sim7670 { get; } = A7670 with
    {
        Name = "sim7670",
        Description = "sibling SIM7670G, for users who have one",
        Identity = new ModemIdentity { Model = "SIM7670G-MNGV", Revision = "V1.9.01", Build = "V1.9.01" },
        StopWithClientHeld = CmqttResultCode.ClientUsed,
        HasSubscribeTopic = false,
        Evidence = new Dictionary<string, string>(A7670.Evidence)
        {
            [nameof(FirmwareProfile.StopWithClientHeld)] = "log 040 (SIM7670G): 19",
            [nameof(FirmwareProfile.HasSubscribeTopic)] = "log 116 (SIM7670G): ERROR alone",
            [nameof(FirmwareProfile.SecondAcquireIsBareError)] = "log 040 (SIM7670G): ERROR alone",
            [nameof(FirmwareProfile.ReleaseOfFreeClientIsOk)] = "log 116 (SIM7670G): 20",
        },
    };

    /// <summary>All profiles.</summary>
    public static IReadOnlyList<FirmwareProfile> All { get; } = [Sim7600, Sim7600Ei, Sim7600GhLe20B04, Sim7600Ce, ManualV3, A7670, Sim7670];

    /// <summary>Finds a profile by its name, in any case.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The profile, or null.</returns>
    public static FirmwareProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
