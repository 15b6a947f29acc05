using PhoneNumbers;

namespace Telemedicine.Clinical.Messages;

/// <summary>Phone numbers as people write them.</summary>
public static class MobileNumber
{
    /// <summary>The number in E.164, such as +447700900100, if a text message can reach it; null for a landline and for what is no number.</summary>
    /// <param name="region">ISO 3166 code of the country whose numbers are written without a country code, such as GB.</param>
    public static string? Of(string? written, string region)
    {
        var numbers = PhoneNumberUtil.GetInstance();
        try
        {
            var number = numbers.Parse(written ?? string.Empty, region);
            // Made-up numbers, as in demonstrations, belong to nobody and have no type; a phone company knows best what it can reach.
            return numbers.IsPossibleNumber(number) && numbers.GetNumberType(number) is not (PhoneNumberType.FIXED_LINE or PhoneNumberType.TOLL_FREE or PhoneNumberType.PREMIUM_RATE)
                && IsMobileHere(number)
                ? numbers.Format(number, PhoneNumberFormat.E164)
                : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>Numbers set aside for drama keep their ranges in the United Kingdom: 07… is a mobile, 01… and 02… are not.</summary>
    private static bool IsMobileHere(PhoneNumber number) => number.CountryCode != 44 || number.NationalNumber / 1_000_000_000 == 7;
}
