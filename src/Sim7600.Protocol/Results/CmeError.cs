using System.Collections.Frozen;

namespace Sim7600.Protocol.Results;

/// <summary>Numbers and texts of <c>+CME ERROR</c> (AT command manual V3.00, chapter 23; 3GPP TS 27.007, 9.2).</summary>
public static class CmeError
{
    /// <summary>Operation not allowed.</summary>
    public const int OperationNotAllowed = 3;

    /// <summary>SIM not inserted.</summary>
    public const int SimNotInserted = 10;

    /// <summary>SIM PIN required.</summary>
    public const int SimPinRequired = 11;

    /// <summary>SIM PUK required.</summary>
    public const int SimPukRequired = 12;

    /// <summary>SIM failure.</summary>
    public const int SimFailure = 13;

    /// <summary>SIM busy: the card is still being read, seen right after boot.</summary>
    public const int SimBusy = 14;

    /// <summary>SIM wrong.</summary>
    public const int SimWrong = 15;

    /// <summary>Incorrect password.</summary>
    public const int IncorrectPassword = 16;

    /// <summary>No network service.</summary>
    public const int NoNetworkService = 30;

    /// <summary>Unknown error.</summary>
    public const int Unknown = 100;

    private static readonly FrozenDictionary<int, string> Texts = new Dictionary<int, string>
    {
        [0] = "Phone failure",
        [1] = "no connection to phone",
        [2] = "phone adaptor link reserved",
        [3] = "operation not allowed",
        [4] = "operation not supported",
        [5] = "PH-SIM PIN required",
        [6] = "PH-FSIM PIN required",
        [7] = "PH-FSIM PUK required",
        [10] = "SIM not inserted",
        [11] = "SIM PIN required",
        [12] = "SIM PUK required",
        [13] = "SIM failure",
        [14] = "SIM busy",
        [15] = "SIM wrong",
        [16] = "incorrect password",
        [17] = "SIM PIN2 required",
        [18] = "SIM PUK2 required",
        [20] = "memory full",
        [21] = "invalid index",
        [22] = "not found",
        [23] = "memory failure",
        [24] = "text string too long",
        [25] = "invalid characters in text string",
        [26] = "dial string too long",
        [27] = "invalid characters in dial string",
        [30] = "no network service",
        [31] = "network timeout",
        [32] = "network not allowed - emergency calls only",
        [40] = "network personalization PIN required",
        [41] = "network personalization PUK required",
        [42] = "network subset personalization PIN required",
        [43] = "network subset personalization PUK required",
        [44] = "service provider personalization PIN required",
        [45] = "service provider personalization PUK required",
        [46] = "corporate personalization PIN required",
        [47] = "corporate personalization PUK required",
        [100] = "Unknown",
        [103] = "Illegal message",
        [106] = "Illegal ME",
        [107] = "GPRS services not allowed",
        [111] = "PLMN not allowed",
        [112] = "Location area not allowed",
        [113] = "Roaming not allowed in this location area",
        [132] = "service option not supported",
        [133] = "requested service option not subscribed",
        [134] = "service option temporarily out of order",
        [148] = "unspecified GPRS error",
        [149] = "PDP authentication failure",
        [150] = "invalid mobile class",
        [257] = "network rejected request",
        [258] = "retry operation",
        [259] = "invalid deflected to number",
        [260] = "deflected to own number",
        [261] = "unknown subscriber",
        [262] = "service not available",
        [263] = "unknown class specified",
        [264] = "unknown network message",
        [273] = "minimum TFTS per PDP address violated",
        [274] = "TFT precedence index not unique",
        [275] = "Invalid parameter combination",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, int> Numbers =
        Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>All known numbers with their texts.</summary>
    public static IReadOnlyDictionary<int, string> All => Texts;

    /// <summary>The text that <c>AT+CMEE=2</c> shows for a number.</summary>
    /// <param name="number">The error number.</param>
    /// <returns>The text; <c>Unknown</c> for a number that is not listed.</returns>
    public static string TextOf(int number) => Texts.GetValueOrDefault(number, Texts[Unknown]);

    /// <summary>The number behind a text that <c>AT+CMEE=2</c> shows.</summary>
    /// <param name="text">The text after <c>+CME ERROR: </c>, in any case.</param>
    /// <returns>The number, or null for a text that is not listed.</returns>
    public static int? NumberOf(string text) => Numbers.TryGetValue(text, out int number) ? number : null;
}
