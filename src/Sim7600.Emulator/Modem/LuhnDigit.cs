namespace Sim7600.Emulator.Modem;

/// <summary>The check digit of IMEI and ICCID (ISO/IEC 7812, Luhn).</summary>
internal static class LuhnDigit
{
    /// <summary>Appends the check digit to a number.</summary>
    /// <param name="digits">The number without its check digit.</param>
    public static string Append(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)] - '0';
            int doubled = i % 2 == 0 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }

        return $"{digits}{(10 - (sum % 10)) % 10}";
    }
}
