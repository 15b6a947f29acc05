using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>Writes a <see cref="Ticket"/> as the signed JWT that Signalling takes once, within two minutes.</summary>
public sealed class TicketMinter(SharedKeys keys, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials _credentials = new(
        new SymmetricSecurityKey(Convert.FromBase64String(keys.Signing.Secret)) { KeyId = keys.Signing.Id }, SecurityAlgorithms.HmacSha256);

    public string Mint(Ticket ticket)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Jti] = ticket.Id.ToString("D"),
            [JwtRegisteredClaimNames.Sub] = ticket.Participant.ToString(),
            [JwtRegisteredClaimNames.Name] = ticket.DisplayName,
            [TicketClaims.Role] = RoleName(ticket.Role),
            [TicketClaims.Clinic] = ticket.Clinic.ToString(),
            [TicketClaims.Admitted] = ticket.Admitted,
            [TicketClaims.ChatKept] = ticket.ChatKept,
        };
        if (ticket.Consultation is { } consultation)
            claims[TicketClaims.Consultation] = consultation.ToString();
        if (ticket.SignIn is { } signIn)
            claims[TicketClaims.SignIn] = signIn.ToString();
        if (ticket.Room != RoomDecisions.None)
            claims[TicketClaims.Room] = JsonSerializer.Serialize(ticket.Room, ContractsJson.Default.RoomDecisions);
        if (ticket.Telephone)
            claims[TicketClaims.Telephone] = true;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TicketClaims.Type,
            Issuer = TicketClaims.Issuer,
            Audience = TicketClaims.Audience,
            IssuedAt = now,
            Expires = now + TicketClaims.Lifetime,
            Claims = claims,
            SigningCredentials = _credentials,
        });
    }

    private static string RoleName(ParticipantRole role) => role switch
    {
        ParticipantRole.Patient => "patient",
        ParticipantRole.Clinician => "clinician",
        ParticipantRole.Staff => "staff",
        ParticipantRole.Administrator => "administrator",
        ParticipantRole.Carer => "carer",
        ParticipantRole.Guest => "guest",
        ParticipantRole.Check => "check",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role of a ticket."),
    };
}
