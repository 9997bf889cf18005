namespace Sim7600.Protocol.Results;

/// <summary>Numbers and words of <c>+IP ERROR</c>; <c>AT+CIPCCFG</c> chooses between them (AT command manual V3.00, 11.6).</summary>
public static class IpError
{
    /// <summary>NETOPEN although the network is open.</summary>
    public const int NetworkAlreadyOpened = 4;

    /// <summary>A command that needs NETOPEN first.</summary>
    public const int NetworkNotOpened = 8;

    /// <summary>A parameter is wrong, such as a link number above 9.</summary>
    public const int InvalidParameter = 12;

    /// <summary>The operation is not possible in this state or mode.</summary>
    public const int OperationNotSupported = 13;

    /// <summary>Nothing was received that could be read.</summary>
    public const int NoData = 21;

    private static readonly string[] Words =
    [
        "Connection time out",
        "Bind port failed",
        "Port overflow",
        "Create socket failed",
        "Network is already opened",
        "Network is already closed",
        "No clients connected",
        "No active client",
        "Network not opened",
        "Client index overflow",
        "Connection is already created",
        "Connection is not created",
        "Invalid parameter",
        "Operation not supported",
        "DNS query failed",
        "TCP busy",
        "Netclose failed for socket opened",
        "Sending time out",
        "Sending failure for network error",
        "Open failure for network error",
        "Server is already listening",
        "No data",
        "Operation failed",
    ];

    /// <summary>The words of all numbers from 0.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The words that the modem shows for a number.</summary>
    /// <param name="number">0 to 22.</param>
    /// <returns>The words; <c>Operation failed</c> for a number that is not listed.</returns>
    public static string TextOf(int number) => number >= 0 && number < Words.Length ? Words[number] : Words[^1];
}
