using System.Collections.Frozen;

namespace Sim7600.Protocol.Results;

/// <summary>Numbers and texts of <c>+CMS ERROR</c> (AT command manual V3.00, chapter 23; 3GPP TS 27.005, 3.2.5).</summary>
public static class CmsError
{
    /// <summary>Operation not allowed.</summary>
    public const int OperationNotAllowed = 302;

    /// <summary>Invalid PDU mode parameter.</summary>
    public const int InvalidPduModeParameter = 304;

    /// <summary>Invalid text mode parameter.</summary>
    public const int InvalidTextModeParameter = 305;

    /// <summary>SIM not inserted.</summary>
    public const int SimNotInserted = 310;

    /// <summary>SIM PIN required.</summary>
    public const int SimPinRequired = 311;

    /// <summary>SIM failure.</summary>
    public const int SimFailure = 313;

    /// <summary>SIM busy.</summary>
    public const int SimBusy = 314;

    /// <summary>SIM PUK required.</summary>
    public const int SimPukRequired = 316;

    /// <summary>Invalid memory index.</summary>
    public const int InvalidMemoryIndex = 321;

    /// <summary>Memory full.</summary>
    public const int MemoryFull = 322;

    /// <summary>No network service.</summary>
    public const int NoNetworkService = 331;

    /// <summary>An acknowledgement that nobody waits for.</summary>
    public const int NoAcknowledgementExpected = 340;

    /// <summary>The message is longer than one short message.</summary>
    public const int MessageTooLong = 342;

    /// <summary>Unknown error; what a refused message gives on real units.</summary>
    public const int Unknown = 500;

    private static readonly FrozenDictionary<int, string> Texts = new Dictionary<int, string>
    {
        [300] = "ME failure",
        [301] = "SMS service of ME reserved",
        [302] = "Operation not allowed",
        [303] = "Operation not supported",
        [304] = "Invalid PDU mode parameter",
        [305] = "Invalid text mode parameter",
        [310] = "SIM not inserted",
        [311] = "SIM PIN required",
        [312] = "PH-SIM PIN required",
        [313] = "SIM failure",
        [314] = "SIM busy",
        [315] = "SIM wrong",
        [316] = "SIM PUK required",
        [317] = "SIM PIN2 required",
        [318] = "SIM PUK2 required",
        [320] = "Memory failure",
        [321] = "Invalid memory index",
        [322] = "Memory full",
        [330] = "SMSC address unknown",
        [331] = "No network service",
        [332] = "Network timeout",
        [340] = "NO +CNMA ACK EXPECTED",
        [341] = "Buffer overflow",
        [342] = "SMS size more than expected",
        [500] = "Unknown error",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, int> Numbers =
        Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>All known numbers with their texts.</summary>
    public static IReadOnlyDictionary<int, string> All => Texts;

    /// <summary>The text that <c>AT+CMEE=2</c> shows for a number.</summary>
    /// <param name="number">The error number.</param>
    /// <returns>The text; <c>Unknown error</c> for a number that is not listed.</returns>
    public static string TextOf(int number) => Texts.GetValueOrDefault(number, Texts[Unknown]);

    /// <summary>The number behind a text that <c>AT+CMEE=2</c> shows.</summary>
    /// <param name="text">The text after <c>+CMS ERROR: </c>, in any case.</param>
    /// <returns>The number, or null for a text that is not listed.</returns>
    public static int? NumberOf(string text) => Numbers.TryGetValue(text, out int number) ? number : null;
}
