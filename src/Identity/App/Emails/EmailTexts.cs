using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Emails;

/// <param name="Body">Plain text; an address on a line of its own is a link.</param>
public sealed record EmailText(string Subject, string Body);

/// <summary>
/// The words of every email. Nothing that a person typed stands in them: whoever registers with another's address could otherwise
/// write to its owner in our name. Addresses come from <see cref="ProviderSettings.Issuer"/>, never from a request.
/// </summary>
public sealed class EmailTexts(ProviderSettings settings)
{
    public const string ConfirmPath = "/account/confirm";
    public const string ResetPath = "/account/new-password";
    public const string ConfirmNewAddressPath = "/account/email/confirm";
    public const string InvitationPath = "/account/invitation";
    public const string UndoAddressPath = "/account/email/undo";

    /// <param name="token">Of the kinds that have a link.</param>
    public EmailText Write(EmailKind kind, string? token)
    {
        var service = settings.ServiceName;
        return kind switch
        {
            EmailKind.ConfirmAddress => new("Confirm your email address", $"""
                Hello,

                Thank you for creating an account with {service}. To finish, open this link within 24 hours and enter the password that you chose:

                {Link(ConfirmPath, token)}

                If you did not create an account, you do not need to do anything. It will be deleted.
                """),
            EmailKind.AlreadyRegistered => new("You already have an account", $"""
                Hello,

                Somebody, probably you, tried to create an account with {service}. This email address already has one. You can sign in here:

                {settings.Issuer}/account/sign-in

                If you do not know your password, you can choose a new one:

                {settings.Issuer}/account/forgotten

                If it was not you, you do not need to do anything.
                """),
            EmailKind.ResetPassword => new("Choose a new password", $"""
                Hello,

                Somebody, probably you, asked for a new password for {service}. To choose it, open this link within 30 minutes:

                {Link(ResetPath, token)}

                If it was not you, you do not need to do anything. Your password stays as it is.
                """),
            EmailKind.NoAccount => new("There is no account with this email address", $"""
                Hello,

                Somebody, probably you, asked for help with signing in to {service}. No account has this email address. You may have used another address. You can also create an account:

                {settings.Issuer}/account/register

                If it was not you, you do not need to do anything.
                """),
            EmailKind.PasswordChanged => new("Your password was changed", $"""
                Hello,

                Your password for {service} was changed.

                If it was not you, choose a new password now:

                {settings.Issuer}/account/forgotten

                Then look through your passkeys, and remove those that are not yours:

                {settings.Issuer}/account/passkeys
                """),
            EmailKind.ConfirmNewAddress => new("Confirm your new email address", $"""
                Hello,

                Somebody, probably you, wants to use this email address for an account with {service}. To confirm it, open this link within 24 hours:

                {Link(ConfirmNewAddressPath, token)}

                If it was not you, you do not need to do anything. Your address will not be used.
                """),
            EmailKind.AddressChanged => new("Your email address was changed", $"""
                Hello,

                Your account with {service} now has another email address. You sign in with the new one.

                If it was not you, open this link within 7 days to get your account back:

                {Link(UndoAddressPath, token)}
                """),
            EmailKind.AccountClosed => new("Your account is closed", $"""
                Hello,

                Your account with {service} is closed, and your details for signing in are deleted. Your practice keeps your health record, as the law asks.

                If it was not you, call your practice.
                """),
            EmailKind.Invited => new("Your new account", $"""
                Hello,

                Your practice made an account for you with {service}. To choose your password, open this link within 7 days:

                {Link(InvitationPath, token)}

                If you do not know the practice, you do not need to do anything.
                """),
            EmailKind.ProviderConnected => new("A new way to sign in", $"""
                Hello,

                Another service can now sign you in to your account with {service}. You can see which, and disconnect it, here:

                {settings.Issuer}/account/providers

                If it was not you, disconnect it and choose a new password now:

                {settings.Issuer}/account/forgotten
                """),
            EmailKind.PasskeyAdded => new("A passkey was added to your account", $"""
                Hello,

                Your account with {service} has a new passkey. Whoever has it can sign in with it, without your password.

                If it was not you, remove it now, and then change your password:

                {settings.Issuer}/account/passkeys
                """),
            EmailKind.PasskeyRemoved => new("A passkey was removed from your account", $"""
                Hello,

                A passkey of your account with {service} was removed. It does not sign you in any more.

                If it was not you or your practice, change your password now:

                {settings.Issuer}/account/password
                """),
            EmailKind.PasskeyMayBeCopied => new("A sign-in with your passkey was refused", $"""
                Hello,

                Somebody, perhaps you, tried to sign in to {service} with a passkey of yours. We refused it: it seems that there is a copy of the passkey.

                Remove the passkey that you used last, and add a new one:

                {settings.Issuer}/account/passkeys
                """),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private string Link(string path, string? token) => $"{settings.Issuer}{path}?token={token}";
}
