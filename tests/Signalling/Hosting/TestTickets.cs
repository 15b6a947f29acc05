using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>Writes join tickets as Web does, and wrong ones as it never would.</summary>
public static class TestTickets
{
    public static SharedKey Key { get; } = MakeKey("key-1");

    public static SharedKey OlderKey { get; } = MakeKey("key-0");

    public static SharedKey MakeKey(string id) =>
        new() { Id = id, Secret = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)) };

    public static string Mint(Ticket ticket, DateTimeOffset now, Action<SecurityTokenDescriptor>? change = null, SharedKey? key = null)
    {
        key ??= Key;
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Jti] = ticket.Id.ToString("D"),
            [JwtRegisteredClaimNames.Sub] = ticket.Participant.ToString(),
            [JwtRegisteredClaimNames.Name] = ticket.DisplayName,
            [TicketClaims.Role] = ticket.Role.ToString().ToLowerInvariant(),
            [TicketClaims.Clinic] = ticket.Clinic.ToString(),
            [TicketClaims.Admitted] = ticket.Admitted,
            [TicketClaims.ChatKept] = ticket.ChatKept,
        };
        if (ticket.Consultation is { } consultation)
            claims[TicketClaims.Consultation] = consultation.ToString();
        if (ticket.SignIn is { } signIn)
            claims[TicketClaims.SignIn] = signIn.ToString();
        if (ticket.Room != RoomDecisions.None)
            claims[TicketClaims.Room] = System.Text.Json.JsonSerializer.Serialize(ticket.Room, ContractsJson.Default.RoomDecisions);
        if (ticket.Telephone)
            claims[TicketClaims.Telephone] = true;
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = TicketClaims.Type,
            Issuer = TicketClaims.Issuer,
            Audience = TicketClaims.Audience,
            IssuedAt = now.UtcDateTime,
            Expires = (now + TicketClaims.Lifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(Convert.FromBase64String(key.Secret)) { KeyId = key.Id }, SecurityAlgorithms.HmacSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }
}
